// A real browser, where there is one: pages with all that they complain about or ask for, and what is looked for in them.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const BROWSERS = [process.env.FF_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
export const WIDTHS = [320, 390, 1280];
// WCAG 2.2, 1.4.3: of text to what is behind it
export const CONTRAST_MIN = 4.5;
export const TARGET_MIN = 24; // pixels; WCAG 2.2, 2.5.8

// { open, close }; nothing where there is no Chromium.
export async function launch() {
  const executablePath = BROWSERS.find((path) => path && existsSync(path));
  if (!executablePath) return undefined;
  const browser = await chromium.launch({ executablePath, args: ARGS });
  const open = async (url, options = {}) => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, ...options });
    const page = await context.newPage();
    const heard = listen(page);
    const answer = await page.goto(url);
    return { context, page, heard, status: answer.status() };
  };
  return { open, close: () => browser.close() };
}

// Collects all that a page complains about or asks for.
function listen(page) {
  const heard = { complaints: [], urls: [] };
  page.on("console", (message) => heard.complaints.push(`${message.type()}: ${message.text()}`));
  page.on("dialog", (dialog) => heard.complaints.push(`dialog: ${dialog.message()}`));
  page.on("pageerror", (error) => heard.complaints.push(String(error)));
  page.on("requestfailed", (request) => heard.complaints.push(`failed: ${request.url()}`));
  page.on("request", (request) => heard.urls.push(request.url()));
  return heard;
}

// Texts whose colour is too close to that behind them. Runs in the page.
export function faintTexts(min) {
  const parse = (color) => color.match(/[\d.]+/g).map(Number);
  const light = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement, textContent } = walker.currentNode;
    if (textContent.trim() === "") continue;
    const [a, b] = [parse(getComputedStyle(parentElement).color), behind(parentElement)].map(luminance);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < min) faint.push(`${textContent.trim().slice(0, 40)}: ${ratio.toFixed(2)}`);
  }
  return faint;
}

// Fields without a label, and what is too small to be hit. Runs in the page.
export function awkwardFields(min) {
  const seen = (e) => e.type !== "hidden" && e.getClientRects().length !== 0;
  const fields = [...document.querySelectorAll("input, select, textarea, button")].filter(seen);
  const named = (e) => e.tagName === "BUTTON" || [...(e.labels ?? [])].some((label) => label.textContent.trim() !== "");
  const big = (e) => {
    const { width, height } = (e.closest("label.choice") ?? e).getBoundingClientRect();
    return width >= min && height >= min;
  };
  return { unnamed: fields.filter((e) => !named(e)).map((e) => e.outerHTML), small: fields.filter((e) => !big(e)).map((e) => e.outerHTML) };
}
