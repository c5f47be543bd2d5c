import { openReader, ReaderFault, type Reader } from "./reader";

const part = document.querySelector<HTMLElement>("[data-reader]");
const form = document.querySelector<HTMLFormElement>("form[data-check]");

if (part && form) readPasses(part, form);

/** The camera beside the form: what it reads is put into the field, and the form is sent. */
function readPasses(part: HTMLElement, form: HTMLFormElement): void {
  const at = <Kind extends HTMLElement>(name: string) => part.querySelector<Kind>(`[data-reader-${name}]`)!;
  const start = at<HTMLButtonElement>("start");
  const torch = at<HTMLButtonElement>("torch");
  let reader: Reader | undefined;
  /** Counts beginnings and ends: a camera that opens after somebody stopped it is not wanted any more. */
  let turn = 0;

  const say = (what: string) => {
    for (const one of part.querySelectorAll<HTMLElement>("[data-says]")) one.hidden = one.dataset["says"] !== what;
  };
  const show = (looking: boolean) => {
    at("view").hidden = at("tools").hidden = !looking;
    start.hidden = looking;
  };
  const rest = (told = "") => {
    turn += 1;
    reader?.stop();
    reader = undefined;
    show(false);
    say(told);
  };
  const found = (code: string) => {
    rest("read");
    navigator.vibrate?.(60);
    form.querySelector<HTMLInputElement>("#code")!.value = code;
    form.requestSubmit();
  };

  start.addEventListener("click", async () => {
    show(true);
    say("starting");
    turn += 1;
    const mine = turn;
    try {
      const opened = await openReader(part.querySelector("video")!, found, rest);
      if (mine !== turn) return opened.stop();
      reader = opened;
      say("looking");
      torch.hidden = !reader.light;
    } catch (problem) {
      if (mine === turn) rest(problem instanceof ReaderFault ? problem.fault : "taken");
    }
  });
  torch.addEventListener("click", () => {
    const on = torch.getAttribute("aria-pressed") !== "true";
    void reader?.light?.(on).then(() => torch.setAttribute("aria-pressed", String(on)));
  });
  at("stop").addEventListener("click", () => rest());
  // A page that the way back brings again still has its last word on it.
  addEventListener("pageshow", () => say(""));
  part.hidden = false;
}
