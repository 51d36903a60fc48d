// A real identity provider (npm: oidc-provider) for tests, on this machine only. Arguments: port, and as JSON the
// redirect addresses and the people. Whoever signs in types one of their names; the password is not asked for.
import http from "node:http";
import Provider from "oidc-provider";

const [port, given] = process.argv.slice(2);
const { redirects, people } = JSON.parse(given);
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients: [{
    client_id: "allmende",
    client_secret: "nur-fuer-tests",
    redirect_uris: redirects,
    grant_types: ["authorization_code"],
    response_types: ["code"],
  }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  pkce: { required: () => true },
  cookies: { keys: ["nur-fuer-tests"] },
  findAccount: (_, sub) => people[sub] && { accountId: sub, claims: () => ({ sub, ...people[sub] }) },
  features: { devInteractions: { enabled: true } },
});
provider.on("server_error", (_, error) => console.error(error));
http.createServer(provider.callback()).listen(Number(port), "127.0.0.1", () => console.log("ready"));
