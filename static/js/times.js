// Tells how long ago things were, in the page's language, and keeps it true. Without this the moment itself stands there.
(() => {
  "use strict";

  const SECOND = 1000;
  const MINUTE = 60 * SECOND;
  const HOUR = 60 * MINUTE;
  const DAY = 24 * HOUR;
  // From how long ago on which unit is used.
  const UNITS = [
    [365 * DAY, "year"],
    [30 * DAY, "month"],
    [7 * DAY, "week"],
    [DAY, "day"],
    [HOUR, "hour"],
    [MINUTE, "minute"],
  ];

  // Digits as the server writes them, in Arabic too.
  const language = `${document.documentElement.lang}-u-nu-latn`;
  // Made when there is a moment to tell of: on an empty page they would cost a phone a tenth of a second.
  let ago = null;
  let exactly = null;
  // As people write it where the visitor is, when that is told.
  const here = navigator.languages.find((one) => one.split("-")[0] === language) ?? language;

  const words = (moment) => {
    ago ??= new Intl.RelativeTimeFormat(language, { numeric: "auto" });
    // A clock that is a little slow must not tell of the future.
    const passed = Math.max(0, Date.now() - moment);
    const [length, unit] = UNITS.find(([span]) => passed >= span) ?? [SECOND, "second"];
    return ago.format(unit === "second" ? 0 : -Math.floor(passed / length), unit);
  };

  const update = () => {
    for (const time of document.querySelectorAll("time[data-moment]")) {
      const moment = new Date(time.dateTime);
      const text = words(moment);
      if (time.textContent !== text) time.textContent = text;
      exactly ??= new Intl.DateTimeFormat(here, { dateStyle: "long", timeStyle: "short" });
      time.title ||= exactly.format(moment);
    }
  };

  update();
  setInterval(update, 30 * SECOND);
  addEventListener("pageshow", update);
  document.addEventListener("visibilitychange", update);
  document.addEventListener("htmx:after:swap", update);
  document.addEventListener("newsstand:turns", update);
})();
