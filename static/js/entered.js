// Who leaves a staff page on which something is typed and not sent, by Back, a link or another form's button, is asked
// first. Of passwords nothing is asked: browsers fill them in by themselves.

const entered = new Set();

addEventListener("input", ({ target }) => {
  if (target.form?.method === "post" && target.type !== "password") entered.add(target.form);
});
addEventListener("submit", ({ target }) => entered.delete(target));
addEventListener("beforeunload", (event) => {
  if ([...entered].some((form) => form.isConnected)) event.preventDefault();
});
