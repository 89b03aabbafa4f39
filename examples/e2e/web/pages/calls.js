/** calls makes window.api, which asks an application at another origin with the cookies that the SDK set. */
export const calls = (base) => {
  window.api = async (path, method = "GET") => {
    const r = await fetch(base + path, { method, credentials: "include" });
    return r.status + " " + (await r.text());
  };
  window.jwt = () => stytch.session.getTokens()?.session_jwt;
};
