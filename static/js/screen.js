// The second screen of an interview shows the question that is read, and the answers there are to it.

const channel = new BroadcastChannel(document.body.dataset.channel);
const steps = [...document.querySelectorAll(".step")];

channel.addEventListener("message", ({ data }) => {
  if (!data.step) return;
  const now = steps.find(({ id }) => id === data.step) ?? steps[0];
  for (const step of steps) step.classList.toggle("now", step === now);
  if (data.ladder) document.body.dataset.ladder = data.ladder;
});
document.documentElement.classList.add("live");
channel.postMessage("hello");
