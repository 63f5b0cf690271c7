/** A moment, ms since the epoch, as "2026-11-30 15:20 UTC": the form that `showMoments` finds again. */
export const formatMoment = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;

const MOMENT = /\b(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC\b/g;

/**
 * Replaces moments in a text by the platform's own form, which shows each reader their own time zone. `show` gets seconds since the epoch and the
 * moment as it stood.
 */
export const showMoments = (
  text: string,
  show: (seconds: number, moment: string) => string,
): string =>
  text.replace(MOMENT, (moment, day: string, time: string) => {
    const at = Date.parse(`${day}T${time}Z`);
    return Number.isNaN(at) ? moment : show(at / 1000, moment);
  });
