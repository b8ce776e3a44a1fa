/** Who is signed in, as the base template says: `<body data-user="id">`. */
export function person(): string | null {
  return document.body.dataset["user"] ?? null;
}
