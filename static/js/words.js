// What a page may come to say: taken from it as it comes, since the page itself goes when its answer is sent.

const contents = new Map([...document.querySelectorAll("template[id]")].map(({ id, content }) => [id, content]));

/** The words of the template with this id. */
export const words = (id) => contents.get(id).cloneNode(true);
