// Where staff put in a video of signs: it is watched here before it is sent, and what is too large or too long is told
// at once.

const form = document.getElementById("filmed");
const [field, told, preview, keep] = ["video", "video-told", "video-preview", "keep-video"].map((id) =>
  document.getElementById(id),
);

function tell(words, wrong = true) {
  told.textContent = words;
  told.classList.toggle("alarm", wrong);
  if (wrong) field.value = "";
  preview.hidden = keep.hidden = wrong;
}

field.addEventListener("change", () => {
  const [file] = field.files;
  if (preview.src) URL.revokeObjectURL(preview.src);
  preview.removeAttribute("src");
  preview.hidden = keep.hidden = true;
  told.textContent = "";
  if (!file) return;
  if (file.size > Number(form.dataset.largest)) tell(form.dataset.tooLarge);
  else preview.src = URL.createObjectURL(file);
});

// What a browser has recorded itself may not say how long it is.
preview.addEventListener("loadedmetadata", () => {
  const tooLong = Number.isFinite(preview.duration) && preview.duration > Number(form.dataset.longest);
  tell(tooLong ? form.dataset.tooLong : form.dataset.seen, tooLong);
});
preview.addEventListener("error", () => preview.hasAttribute("src") && tell(form.dataset.noVideo));
keep.hidden = true;
