/* Passkeys: asks the browser for what the page says, and sends what it answers as a form. */
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) => {
  const plain = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return plain.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};
const withBytes = (list) => list.map((one) => ({ ...one, id: bytes(one.id) }));

async function create(options) {
  const user = { ...options.user, id: bytes(options.user.id) };
  const excludeCredentials = withBytes(options.excludeCredentials);
  const publicKey = { ...options, challenge: bytes(options.challenge), user, excludeCredentials };
  const made = await navigator.credentials.create({ publicKey });
  return {
    id: text(made.rawId),
    clientDataJSON: text(made.response.clientDataJSON),
    attestationObject: text(made.response.attestationObject),
  };
}

async function get(options) {
  const allowCredentials = withBytes(options.allowCredentials);
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials };
  const given = await navigator.credentials.get({ publicKey });
  return {
    id: text(given.rawId),
    clientDataJSON: text(given.response.clientDataJSON),
    authenticatorData: text(given.response.authenticatorData),
    signature: text(given.response.signature),
  };
}

async function fill(form) {
  const act = form.dataset.passkey === "create" ? create : get;
  form.elements.answer.value = JSON.stringify(await act(JSON.parse(form.dataset.options)));
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    fill(form).catch(() => {
      const complaint = form.querySelector(".complaint");
      complaint.textContent = form.dataset.failed;
      complaint.hidden = false;
    });
  });
}
