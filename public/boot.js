// Tells the server the reader's time zone, so that it renders the dates that the browser would.
(() => {
  try {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone && zone !== document.documentElement.dataset.zone) {
      const secure = location.protocol === "https:" ? "; Secure" : "";
      document.cookie = `zone=${encodeURIComponent(zone)}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    }
  } catch {
    // Without Intl or cookies the server keeps its own zone.
  }
})();
