// oidc-provider, as its documentation configures it: signed access tokens for the FHIR base, opaque ones where a client asks for those,
// and its own pages for signing in. https://github.com/panva/node-oidc-provider/blob/main/docs/README.md
import Provider from "oidc-provider";

/** The scopes of SMART that are given out here. https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html */
const SCOPES = "system/*.cruds system/Patient.rs user/*.cruds user/Patient.rs patient/*.rs";

/**
 * @param {string} id the address of the issuer
 * @param {string} audience what its tokens are for: the FHIR base
 * @param {object} keys private JWKs that sign
 * @param {object} clientKeys public JWKs of the clients
 */
export function newIssuer(id, audience, keys, clientKeys) {
  const backend = {
    grant_types: ["client_credentials"],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: "private_key_jwt",
    token_endpoint_auth_signing_alg: "ES384",
    jwks: clientKeys,
  };
  return new Provider(id, {
    jwks: keys,
    clients: [
      { client_id: "ehr", ...backend },
      { client_id: "ehr-opaque", ...backend },
      {
        client_id: "care-app",
        application_type: "native",
        token_endpoint_auth_method: "none",
        grant_types: ["authorization_code", "refresh_token"],
        redirect_uris: ["http://127.0.0.1:1/callback"],
      },
      {
        client_id: "care-server",
        client_secret: "a secret of the care server",
        grant_types: [],
        redirect_uris: [],
        response_types: [],
      },
    ],
    scopes: ["openid", "offline_access", ...SCOPES.split(" ")],
    claims: { openid: ["sub"] },
    enabledJWA: {
      clientAuthSigningAlgValues: ["RS384", "ES384"],
    },
    clientAuthMethods: ["none", "client_secret_basic", "private_key_jwt"],
    pkce: { required: () => true },
    features: {
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, resource, client) => ({
          scope: SCOPES,
          audience: resource,
          accessTokenFormat: client.clientId.endsWith("opaque") ? "opaque" : "jwt",
          accessTokenTTL: 300,
          jwt: { sign: { alg: keys.keys[0].alg } },
        }),
      },
    },
    extraTokenClaims: (_context, token) =>
      token.kind === "AccessToken"
        ? { fhirUser: `Practitioner/${token.accountId}`, roles: ["Care Manager"] }
        : { roles: [] },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    ttl: { AccessToken: 300, ClientCredentials: 300 },
  });
}
