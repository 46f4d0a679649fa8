// Where staff record one text. Whatever the microphone or a file gives becomes a WAV file in the form: the browser
// knows every kind of sound that it records, and the server takes one kind only.

import "./filming.js";
import "./listening.js";

const RATE = 48000;

const form = document.getElementById("take");
const [button, level, field, told, preview, keep] = ["record", "level", "sound", "told", "preview", "keep"].map((id) =>
  document.getElementById(id),
);
const longest = Number(form.dataset.longest);
const record = button.textContent;
let recorder = null;
let chosen = null; // the last of several that are being read

function tell(words, wrong = false) {
  told.textContent = words;
  told.classList.toggle("alarm", wrong);
}

function show(wav) {
  const files = new DataTransfer();
  if (wav) files.items.add(new File([wav], "sound.wav", { type: "audio/wav" }));
  field.files = files.files;
  if (preview.src) URL.revokeObjectURL(preview.src);
  preview.hidden = keep.hidden = !wav;
  if (wav) preview.src = URL.createObjectURL(wav);
}

/** Make the sound ready to be heard and sent. */
async function take(blob) {
  chosen = blob;
  show(null);
  try {
    const sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(await blob.arrayBuffer());
    if (blob !== chosen) return;
    if (sound.duration > longest) tell(form.dataset.tooLong, true);
    else {
      show(wave(mono(sound)));
      tell(form.dataset.heard);
    }
  } catch {
    if (blob === chosen) tell(form.dataset.noSound, true);
  }
}

function mono(sound) {
  const mixed = new Float32Array(sound.length);
  for (let channel = 0; channel < sound.numberOfChannels; channel++) {
    const samples = sound.getChannelData(channel);
    for (let i = 0; i < mixed.length; i++) mixed[i] += samples[i] / sound.numberOfChannels;
  }
  return mixed;
}

/** A WAV file: one channel, 16 bits a sample. */
function wave(samples) {
  const view = new DataView(new ArrayBuffer(44 + 2 * samples.length));
  const write = (at, letters) => [...letters].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  write(0, "RIFF");
  view.setUint32(4, 36 + 2 * samples.length, true);
  write(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, 2 * RATE, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  write(36, "data");
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((sample, i) => view.setInt16(44 + 2 * i, Math.max(-1, Math.min(1, sample)) * 32767, true));
  return new Blob([view], { type: "audio/wav" });
}

async function start() {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: false } });
  } catch {
    tell(form.dataset.refused, true);
    return;
  }
  const parts = [];
  const context = new AudioContext();
  const meter = new AnalyserNode(context);
  context.createMediaStreamSource(stream).connect(meter);
  recorder = new MediaRecorder(stream);
  recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
  recorder.addEventListener("stop", () => {
    for (const track of stream.getTracks()) track.stop();
    context.close();
    recorder = null;
    level.value = 0;
    button.textContent = button.dataset.again;
    take(new Blob(parts, { type: parts[0]?.type }));
  });
  chosen = null;
  show(null);
  recorder.start();
  button.textContent = button.dataset.stop;
  tell(form.dataset.recording);
  setTimeout(stop, 1000 * longest, recorder);
  follow(meter, new Float32Array(meter.fftSize), recorder);
}

/** The loudest of the last moment, on the scale of ears: 60 dB below the loudest there is, nothing is shown. */
function follow(meter, samples, current) {
  if (recorder !== current) return;
  meter.getFloatTimeDomainData(samples);
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1e-6);
  level.value = Math.max(0, 1 + Math.log10(peak) / 3);
  requestAnimationFrame(() => follow(meter, samples, current));
}

function stop(current) {
  if (recorder === current && recorder.state === "recording") recorder.stop();
}

button.textContent = record;
keep.hidden = true;
document.documentElement.classList.add("live");
button.addEventListener("click", () => (recorder ? stop(recorder) : start()));
field.addEventListener("change", () => (field.files.length ? take(field.files[0]) : show(null)));
