// A short soft tone, made here: the ring has moved.

const LENGTH = 0.06; // seconds
let audio;

/** Sound it once. A browser that has not been touched yet stays silent. */
export function tick() {
  audio ??= new AudioContext();
  audio.resume();
  const [tone, loudness] = [audio.createOscillator(), audio.createGain()];
  tone.frequency.value = 520;
  loudness.gain.setValueAtTime(0.12, audio.currentTime);
  loudness.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + LENGTH);
  tone.connect(loudness).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + LENGTH);
}
