// Passkeys: asks the browser for one and sends its answer with the form. Loaded only where passkeys are used.
// No eval, no inline script: the content policy is strict.
(() => {
  "use strict";

  const TROUBLE = "Das hat nicht geklappt. Versuchen Sie es noch einmal, oder nehmen Sie einen anderen Weg.";
  const CANCELLED = "Sie haben abgebrochen, oder es hat zu lange gedauert. Versuchen Sie es noch einmal.";

  // The server speaks JSON, the browser's interface bytes; both mean the same by base64url (RFC 4648, 5).
  function bytes(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  }
  function text(buffer) {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  const withBytes = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

  async function create(options, passwordless) {
    const asked = options.publicKey;
    const credential = await navigator.credentials.create({
      publicKey: {
        ...asked,
        challenge: bytes(asked.challenge),
        user: { ...asked.user, id: bytes(asked.user.id) },
        excludeCredentials: withBytes(asked.excludeCredentials),
        authenticatorSelection: {
          ...asked.authenticatorSelection,
          residentKey: passwordless ? "required" : "discouraged",
          requireResidentKey: passwordless,
          userVerification: passwordless ? "required" : asked.authenticatorSelection.userVerification,
        },
      },
    });
    return {
      ...common(credential),
      response: {
        attestationObject: text(credential.response.attestationObject),
        clientDataJSON: text(credential.response.clientDataJSON),
        transports: credential.response.getTransports ? credential.response.getTransports() : [],
      },
    };
  }

  async function get(options) {
    const asked = options.publicKey;
    const credential = await navigator.credentials.get({
      publicKey: {
        ...asked, challenge: bytes(asked.challenge), allowCredentials: withBytes(asked.allowCredentials),
      },
    });
    const { authenticatorData, clientDataJSON, signature, userHandle } = credential.response;
    return {
      ...common(credential),
      response: {
        authenticatorData: text(authenticatorData),
        clientDataJSON: text(clientDataJSON),
        signature: text(signature),
        userHandle: userHandle ? text(userHandle) : null,
      },
    };
  }

  const common = (credential) => ({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
  });

  const inPage = (form) => JSON.parse(form.querySelector("#passkey-options").textContent);

  async function fromServer(form) {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return (await answer.json()).request_options;
  }

  const ways = {
    create: (form) => create(inPage(form), Boolean(form.elements.passwordless?.checked)),
    get: (form) => get(inPage(form)),
    login: async (form) => get(await fromServer(form)),
  };

  function setUp(form) {
    const area = form.closest("[data-am-passkey-area]");
    const trouble = form.querySelector("[data-am-passkey-trouble]");
    area.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      trouble.hidden = true;
      try {
        form.elements.credential.value = JSON.stringify(await ways[form.dataset.amPasskey](form));
      } catch (error) {
        trouble.textContent = error.name === "NotAllowedError" ? CANCELLED : TROUBLE;
        trouble.hidden = false;
        return;
      }
      form.submit();
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (!window.PublicKeyCredential) return;
    for (const form of document.querySelectorAll("form[data-am-passkey]")) setUp(form);
  });
})();
