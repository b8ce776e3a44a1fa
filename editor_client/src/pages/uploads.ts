/**
 * A form that htmx uploads shows how far it is: `<progress data-upload-progress>` in it
 * is filled. When all is sent the server still reads the file, so the bar then shows
 * that work goes on rather than standing at the end.
 */
export function listen(): void {
  document.body.addEventListener("htmx:xhr:progress", (event) => {
    const { target } = event;
    if (!(target instanceof Element)) return;
    const bar = target.querySelector("progress[data-upload-progress]");
    if (!(bar instanceof HTMLProgressElement)) return;
    const { lengthComputable, loaded, total } = (event as CustomEvent<ProgressEvent>)
      .detail;
    if (!lengthComputable || loaded >= total) bar.removeAttribute("value");
    else bar.value = Math.round((100 * loaded) / total);
  });
}
