// How to launch the browser: CHROMIUM or the system's one, with WebGL2 by software and without background requests.

export const launchOptions = {
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--autoplay-policy=user-gesture-required",
  ],
};

/**
 * Records the page's audio contexts in `window.audio`.
 * @param {import("@playwright/test").Page} page
 */
export async function recordAudioContexts(page) {
  await page.addInitScript(() => {
    window.audio = [];
    window.AudioContext = class extends AudioContext {
      constructor() {
        super();
        window.audio.push(this);
      }
    };
  });
}
