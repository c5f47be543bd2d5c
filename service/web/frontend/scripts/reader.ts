/** Reads QR codes with the camera: by the browser's own reader where it has one, else by ours. */
import wasm from "zxing-wasm/reader/zxing_reader.wasm?url";

/**
 * Why nothing can be read: no camera is given to an address without https, there is none, it was not allowed,
 * something else has it, or our reader could not be loaded.
 */
export type Fault = "insecure" | "absent" | "refused" | "taken" | "unloaded";

export class ReaderFault extends Error {
  constructor(readonly fault: Fault) {
    super(fault);
  }
}

/** A camera that is looking for codes. */
export interface Reader {
  /** Turns the light beside the camera on or off; absent where there is none. */
  light?: (on: boolean) => Promise<void>;
  /** Ends it; the camera is off at once. */
  stop: () => void;
}

interface Detector {
  detect(image: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: "qr_code"[] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
}
interface Lit {
  torch?: boolean;
}

/**
 * Shows the rear camera in `video` and calls `found` with every code that is read, until it is stopped; a page that
 * is hidden stops it, too, and calls `left`. Throws ReaderFault.
 */
export async function openReader(
  video: HTMLVideoElement,
  found: (code: string) => void,
  left: () => void,
): Promise<Reader> {
  // Both take a moment, so they begin together.
  const loading = findDetector().catch(() => undefined);
  const stream = await openCamera();
  const tracks = stream.getTracks();
  let running = true;
  const stop = () => {
    running = false;
    document.removeEventListener("visibilitychange", leave);
    for (const track of tracks) track.stop();
    video.srcObject = null;
  };
  const leave = () => {
    if (!document.hidden) return;
    stop();
    left();
  };
  document.addEventListener("visibilitychange", leave);
  video.srcObject = stream;
  const playing = video.play().then(() => true).catch(() => false);
  const detector = await loading;
  if (!detector || !(await playing)) {
    stop();
    throw new ReaderFault(detector ? "taken" : "unloaded");
  }
  leave();
  void look(video, detector, found, () => running);
  return { stop, ...withLight(tracks[0]) };
}

async function openCamera(): Promise<MediaStream> {
  // Browsers hide cameras from pages that came without encryption.
  if (!navigator.mediaDevices) throw new ReaderFault("insecure");
  const video = { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } };
  try {
    return await navigator.mediaDevices.getUserMedia({ video, audio: false });
  } catch (problem) {
    throw new ReaderFault(faultOf(problem));
  }
}

function faultOf(problem: unknown): Fault {
  const name = problem instanceof DOMException ? problem.name : "";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "absent";
  return name === "NotAllowedError" || name === "SecurityError" ? "refused" : "taken";
}

async function findDetector(): Promise<Detector> {
  const own = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  // Some browsers have the class and can't read anything with it.
  const formats = (await own?.getSupportedFormats().catch(() => [])) ?? [];
  if (own && formats.includes("qr_code")) return new own({ formats: ["qr_code"] });
  const { BarcodeDetector, prepareZXingModule } = await import("barcode-detector/ponyfill");
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  return new BarcodeDetector({ formats: ["qr_code"] });
}

async function look(
  video: HTMLVideoElement,
  reader: Detector,
  found: (code: string) => void,
  running: () => boolean,
): Promise<void> {
  while (running()) {
    await nextPicture(video);
    if (!running()) return;
    // A picture that can't be read, such as the first one of a slow camera, is none with a code.
    const codes = await reader.detect(video).catch(() => []);
    const [code] = codes.map((one) => one.rawValue).filter(Boolean);
    if (code && running()) found(code);
  }
}

function nextPicture(video: HTMLVideoElement): Promise<unknown> {
  if ("requestVideoFrameCallback" in video) return new Promise((say) => video.requestVideoFrameCallback(say));
  return new Promise((say) => setTimeout(say, 40));
}

function withLight(track: MediaStreamTrack | undefined): Pick<Reader, "light"> {
  const can = track?.getCapabilities?.() as Lit | undefined;
  if (!track || !can?.torch) return {};
  return { light: (on) => track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] }) };
}
