import SignaturePad from "signature_pad";
import { keepDesk } from "./desk";

/** Screens are sharper than that, but a signature isn't: twice the pixels are enough and stay small. */
const sharpest = 2;

/**
 * Boxes to sign in (`data-signature`: the id of the hidden field). What is drawn is kept in that field as a PNG in a
 * data address, and drawn again from there when the page comes back or the window changes.
 */
function keepSignature(box: HTMLElement): void {
  const canvas = box.querySelector("canvas");
  const field = document.getElementById(box.dataset["signature"] ?? "") as HTMLInputElement | null;
  if (!canvas || !field) return;
  box.hidden = false;
  // Paper is white and ink is dark in every scheme: the picture is printed.
  const pad = new SignaturePad(canvas, { backgroundColor: "#ffffff", penColor: "#0b1f33" });
  let width = 0;
  const fit = () => {
    if (canvas.offsetWidth === width) return;
    width = canvas.offsetWidth;
    const ratio = Math.min(Math.max(devicePixelRatio, 1), sharpest);
    canvas.width = width * ratio;
    canvas.height = canvas.offsetHeight * ratio;
    canvas.getContext("2d")?.scale(ratio, ratio);
    pad.clear();
    if (field.value) void pad.fromDataURL(field.value, { ratio, width, height: canvas.offsetHeight });
  };
  new ResizeObserver(fit).observe(canvas);
  fit();
  pad.addEventListener("endStroke", () => {
    field.value = pad.toDataURL("image/png");
    const onPaper = field.form?.elements.namedItem("on_paper");
    if (onPaper instanceof HTMLInputElement) onPaper.checked = false;
  });
  box.querySelector("[data-clears]")?.addEventListener("click", () => {
    pad.clear();
    field.value = "";
  });
}

for (const box of document.querySelectorAll<HTMLElement>("[data-signature]")) keepSignature(box);
keepDesk();
