/**
 * Show a picture that was chosen before it is sent: `<input type="file"
 * data-preview="#place">`, where the place holds an `<img>` and is hidden until then.
 * The server alone judges whether the picture is fit.
 */
export function listen(): void {
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement)) return;
    const { preview } = input.dataset;
    if (preview === undefined) return;
    const place = document.querySelector<HTMLElement>(preview);
    const image = place?.querySelector("img");
    if (!place || !image) return;
    const file = input.files?.[0];
    if (image.src.startsWith("blob:")) URL.revokeObjectURL(image.src);
    place.hidden = file === undefined;
    if (file === undefined) image.removeAttribute("src");
    else image.src = URL.createObjectURL(file);
  });
}
