import { refuseLargeFiles } from "./largest";

/** What is sent, in pixels: twice what the service keeps of it. */
const wide = 960;
const high = 1280;
/** The longest side of a picture that is worked on: phones don't hold more of many megapixels in one canvas. */
const longest = 2400;
const closest = 4;
const step = 0.03;

interface Parts {
  field: HTMLInputElement;
  form: HTMLFormElement;
  live: HTMLElement;
  video: HTMLVideoElement;
  crop: HTMLElement;
  canvas: HTMLCanvasElement;
  zoom: HTMLInputElement;
  fault: HTMLElement;
}

/**
 * A place (`data-portrait`: the id of the file field) where a photo is taken or chosen and cut to 3:4. What is sent is
 * a JPEG in the file field itself; without this script the whole photo is sent and the service cuts it.
 */
function keepPortrait(box: HTMLElement): void {
  const parts = partsOf(box);
  if (!parts) return;
  const cutter = cut(parts);
  box.hidden = false;
  useCamera(box, parts, cutter.take);
  parts.field.addEventListener("change", () => {
    const file = parts.field.files?.[0];
    if (file) void read(file).then((picture) => cutter.take(...picture), cutter.drop);
    else cutter.drop();
  });
  box.querySelector("[data-turn]")?.addEventListener("click", cutter.turn);
  sendCut(parts, cutter);
}

function partsOf(box: HTMLElement): Parts | undefined {
  const field = document.getElementById(box.dataset["portrait"] ?? "");
  const find = <T extends Element>(query: string) => box.querySelector<T>(query);
  const live = find<HTMLElement>("[data-live]");
  const video = find<HTMLVideoElement>("video");
  const crop = find<HTMLElement>("[data-crop]");
  const canvas = find<HTMLCanvasElement>("canvas");
  const zoom = find<HTMLInputElement>("[data-zoom]");
  const fault = find<HTMLElement>("[data-fault]");
  if (!(field instanceof HTMLInputElement) || !field.form) return undefined;
  if (!live || !video || !crop || !canvas || !zoom || !fault) return undefined;
  return { field, form: field.form, live, video, crop, canvas, zoom, fault };
}

/** The camera of the phone or the desk, only while its picture is seen. */
function useCamera(box: HTMLElement, parts: Parts, take: (picture: CanvasImageSource, w: number, h: number) => void): void {
  let stream: MediaStream | undefined;
  const shoot = box.querySelector<HTMLButtonElement>("[data-shoot]");
  const stop = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = undefined;
    parts.video.srcObject = null;
    parts.live.hidden = true;
  };
  box.querySelector("[data-camera]")?.addEventListener("click", async () => {
    stop();
    parts.fault.hidden = true;
    try {
      const wanted = { facingMode: "user", width: { ideal: 1920 }, height: { ideal: 1440 } };
      stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
      parts.live.hidden = false;
      // Until the first picture is here, there is nothing to take.
      if (shoot) shoot.disabled = true;
      parts.video.srcObject = stream;
      await parts.video.play();
      parts.video.scrollIntoView({ block: "center" });
    } catch {
      // No camera, no permission, or no secure address: a file can still be chosen.
      stop();
      parts.fault.hidden = false;
    }
  });
  parts.video.addEventListener("loadeddata", () => {
    if (shoot) shoot.disabled = false;
  });
  shoot?.addEventListener("click", () => {
    if (!parts.video.videoWidth) return;
    parts.field.value = "";
    take(parts.video, parts.video.videoWidth, parts.video.videoHeight);
    stop();
    parts.canvas.focus();
  });
  box.querySelector("[data-stop]")?.addEventListener("click", stop);
  parts.field.addEventListener("change", stop);
  addEventListener("pagehide", stop);
}

interface Cutter {
  take: (picture: CanvasImageSource, width: number, height: number) => void;
  drop: () => void;
  turn: () => void;
  holds: () => boolean;
}

/** Shows a part of a picture that is moved, made larger and turned. The picture always fills the frame. */
function cut(parts: Parts): Cutter {
  const { canvas, crop, zoom } = parts;
  canvas.width = wide;
  canvas.height = high;
  const ink = canvas.getContext("2d");
  let held: HTMLCanvasElement | undefined;
  let x = 0.5;
  let y = 0.5;

  const draw = () => {
    if (!held || !ink) return;
    const scale = Math.max(wide / held.width, high / held.height) * Number(zoom.value);
    const half = { w: wide / scale / held.width / 2, h: high / scale / held.height / 2 };
    x = Math.min(Math.max(x, half.w), 1 - half.w);
    y = Math.min(Math.max(y, half.h), 1 - half.h);
    const [w, h] = [held.width * scale, held.height * scale];
    ink.imageSmoothingQuality = "high";
    ink.drawImage(held, wide / 2 - x * w, high / 2 - y * h, w, h);
  };
  /** Moves by parts of the frame: to the right and down what is seen, not the picture. */
  const move = (right: number, down: number) => {
    if (!held) return;
    const scale = Math.max(wide / held.width, high / held.height) * Number(zoom.value);
    x += (right * wide) / scale / held.width;
    y += (down * high) / scale / held.height;
    draw();
  };
  const enlarge = (value: number) => {
    zoom.value = String(Math.min(Math.max(value, 1), closest));
    draw();
  };
  const take: Cutter["take"] = (picture, width, height) => {
    held = drawn(picture, width, height, 0);
    x = 0.5;
    y = 0.4;
    zoom.value = "1";
    crop.hidden = false;
    draw();
  };
  zoom.addEventListener("input", draw);
  followFingers(canvas, move, (times) => enlarge(Number(zoom.value) * times));
  followKeys(canvas, move, (by) => enlarge(Number(zoom.value) + by));
  return {
    take,
    drop: () => {
      held = undefined;
      crop.hidden = true;
    },
    turn: () => {
      if (!held) return;
      held = drawn(held, held.width, held.height, 1);
      [x, y] = [1 - y, x];
      draw();
    },
    holds: () => held !== undefined,
  };
}

/** A picture as a canvas of its own, at most `longest` pixels a side, turned by quarters to the right. */
function drawn(picture: CanvasImageSource, width: number, height: number, quarters: 0 | 1): HTMLCanvasElement {
  const scale = Math.min(1, longest / Math.max(width, height));
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  const made = document.createElement("canvas");
  made.width = quarters ? h : w;
  made.height = quarters ? w : h;
  const ink = made.getContext("2d");
  if (!ink) return made;
  ink.fillStyle = "#fff";
  ink.fillRect(0, 0, made.width, made.height);
  if (quarters) {
    ink.translate(h, 0);
    ink.rotate(Math.PI / 2);
  }
  ink.drawImage(picture, 0, 0, w, h);
  return made;
}

/** Dragging with one finger or the mouse moves, two fingers enlarge. */
function followFingers(canvas: HTMLCanvasElement, move: (r: number, d: number) => void, enlarge: (times: number) => void): void {
  const fingers = new Map<number, { x: number; y: number }>();
  const apart = () => {
    const [one, other] = [...fingers.values()];
    return one && other ? Math.hypot(one.x - other.x, one.y - other.y) : 0;
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  canvas.addEventListener("pointermove", (event) => {
    const last = fingers.get(event.pointerId);
    if (!last) return;
    const before = apart();
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const share = 1 / fingers.size;
    move(
      ((last.x - event.clientX) / canvas.clientWidth) * share,
      ((last.y - event.clientY) / canvas.clientHeight) * share,
    );
    if (before) enlarge(apart() / before);
  });
  for (const end of ["pointerup", "pointercancel"] as const) {
    canvas.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
}

/** The arrow keys move what is seen, + and − enlarge. */
function followKeys(canvas: HTMLCanvasElement, move: (r: number, d: number) => void, enlarge: (by: number) => void): void {
  const keys: Record<string, () => void> = {
    ArrowLeft: () => move(-step, 0),
    ArrowRight: () => move(step, 0),
    ArrowUp: () => move(0, -step),
    ArrowDown: () => move(0, step),
    "+": () => enlarge(0.1),
    "=": () => enlarge(0.1),
    "-": () => enlarge(-0.1),
  };
  canvas.addEventListener("keydown", (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/** A chosen file as a picture, upright as its camera noted; rejected where this browser can't show it. */
function read(file: File): Promise<Parameters<Cutter["take"]>> {
  return new Promise((resolve, reject) => {
    const address = URL.createObjectURL(file);
    const picture = new Image();
    picture.onload = () => resolve([picture, picture.naturalWidth, picture.naturalHeight]);
    picture.onerror = () => {
      URL.revokeObjectURL(address);
      reject(new Error("not shown here"));
    };
    picture.src = address;
  });
}

/** What was cut takes the place of the chosen file just before the form is sent. */
function sendCut(parts: Parts, cutter: Cutter): void {
  let ready = false;
  parts.form.addEventListener("submit", (event) => {
    if (ready || event.defaultPrevented || !cutter.holds()) return;
    event.preventDefault();
    const name = parts.field.files?.[0]?.name.replace(/\.\w+$/, "") || "portrait";
    parts.canvas.toBlob(
      (blob) => {
        if (blob) {
          const sent = new DataTransfer();
          sent.items.add(new File([blob], `${name}.jpg`, { type: "image/jpeg" }));
          parts.field.files = sent.files;
        }
        ready = true;
        parts.form.requestSubmit();
      },
      "image/jpeg",
      0.9,
    );
  });
  addEventListener("pageshow", () => (ready = false));
}

refuseLargeFiles();
for (const box of document.querySelectorAll<HTMLElement>("[data-portrait]")) keepPortrait(box);
