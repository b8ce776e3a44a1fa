/**
 * In a list of recipients: whoever must act has a day, and whoever has a day must act.
 *
 * "Cần giải quyết" fills in the day that the server offers (`data-offered` of the list),
 * to be confirmed or changed; without it the day goes too, for the server takes a day as
 * "must act". The server refuses what is still open.
 */
const TICK = 'input[type="checkbox"]';
const DAY = 'input[type="date"]';

export function listen(): void {
  document.addEventListener("change", (event) => {
    const { target } = event;
    if (!(target instanceof HTMLInputElement)) return;
    const line = target.closest(".dt-recipient-act");
    const tick = line?.querySelector<HTMLInputElement>(TICK);
    const day = line?.querySelector<HTMLInputElement>(DAY);
    if (!tick || !day) return;
    if (target === day && day.value !== "") tick.checked = true;
    if (target === tick) day.value = tick.checked ? day.value || offered(tick) : "";
    day.required = tick.checked;
  });
}

function offered(from: Element): string {
  return from.closest<HTMLElement>("[data-offered]")?.dataset["offered"] ?? "";
}
