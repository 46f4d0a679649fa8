// Staff's pages of voices: a sound is heard where its link stands, one at a time; pressed again, it stops.

const player = new Audio();
let playing = null;

function stop() {
  player.pause();
  if (playing) playing.firstChild.data = playing.dataset.name;
  playing = null;
}

function play(link) {
  stop();
  playing = link;
  link.dataset.name = link.firstChild.data;
  link.firstChild.data = link.dataset.stop;
  player.src = link.href;
  player.play().catch((reason) => reason.name === "AbortError" || stop());
}

player.addEventListener("ended", stop);
for (const link of document.querySelectorAll(".hear-it")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    if (link === playing) stop();
    else play(link);
  });
}
