// Pictures to upload, and the forms that do.
import { deflateSync, crc32 } from "node:zlib";

// What no picture tells any more once it was uploaded.
export const SECRET = "where I live";

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const head = Buffer.alloc(4), tail = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  tail.writeUInt32BE(crc32(body));
  return Buffer.concat([head, body, tail]);
}

// A PNG of that size with a slope of colours and a word that nobody should get.
export function picture(width, height) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + 3 * width));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows.set([(x * 255) / width, (y * 255) / height, 90], y * (1 + 3 * width) + 1 + 3 * x);
  }
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("tEXt", Buffer.from(`Comment\0${SECRET}`)),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

// A form with files; answers with { status, body }.
export async function sendForm(client, method, path, fields) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof Buffer) form.set(name, new Blob([value], { type: "text/html" }), "picture.html");
    else form.set(name, value);
  }
  const answer = await fetch(client.base + path, { method, headers: { Authorization: `Bearer ${client.token}` }, body: form });
  return { status: answer.status, body: await answer.json() };
}
