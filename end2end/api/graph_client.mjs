// Microsoft's unmodified client for JavaScript, over TLS: it sends its token to https alone, and only to a host that it was told of.
//
// Usage: NODE_EXTRA_CA_CERTS=ca.pem node graph_client.mjs BASE TOKEN   (BASE such as https://localhost:8443)

import assert from "node:assert/strict";
import graph from "@microsoft/microsoft-graph-client";

const { BatchRequestContent, BatchResponseContent, Client, GraphError, PageIterator } = graph;
const [base, token] = process.argv.slice(2);
const em = "/identityGovernance/entitlementManagement";

const client = Client.initWithMiddleware({
  baseUrl: base,
  defaultVersion: "v1.0",
  customHosts: new Set(["localhost"]),
  authProvider: { getAccessToken: async () => token },
});

/** Makes catalogs; their ids. */
async function create(names) {
  const ids = [];
  for (const displayName of names) {
    const made = await client.api(`${em}/catalogs`).post({ displayName, description: "by the client", isExternallyVisible: false });
    assert.equal(made.displayName, displayName);
    ids.push(made.id);
  }
  return ids;
}

/** Every page of a list, followed by the client itself. */
async function pages() {
  const first = await client.api(`${em}/catalogs`).select("id,displayName").orderby("displayName desc").top(3).count(true).get();
  assert.equal(first["@odata.count"], 9);
  assert.equal(first.value.length, 3);
  const names = [];
  const iterator = new PageIterator(client, first, (catalog) => {
    names.push(catalog.displayName);
    return true;
  });
  await iterator.iterate();
  assert.ok(iterator.isComplete());
  assert.deepEqual(names, ["Probe 7", "Probe 6", "Probe 5", "Probe 4", "Probe 3", "Probe 2", "Probe 1", "O'Brien & Co", "General"]);
}

/** Several calls in one, of which one waits for another and one fails. */
async function batch(id) {
  const at = (path) => `https://localhost${em}/${path}`;
  const content = new BatchRequestContent([
    {
      id: "1",
      request: new Request(at("catalogs"), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ displayName: "From a batch", description: "x" }),
      }),
    },
    { id: "2", request: new Request(at("catalogs?$filter=displayName eq 'From a batch'&$select=displayName")), dependsOn: ["1"] },
    { id: "3", request: new Request(at(`catalogs/${id}`)), dependsOn: ["2"] },
    { id: "4", request: new Request(at("catalogs/00000000-0000-0000-0000-000000000007")), dependsOn: ["3"] },
  ]);
  const answer = new BatchResponseContent(await client.api("/$batch").post(await content.getContent()));
  const statuses = ["1", "2", "3", "4"].map((id) => answer.getResponseById(id).status);
  assert.deepEqual(statuses, [201, 200, 200, 404]);
  const found = await answer.getResponseById("2").json();
  assert.deepEqual(found.value.map((catalog) => catalog.displayName), ["From a batch"]);
}

/** What was refused is an error of the client's own, with the id of the call. */
async function errors() {
  await assert.rejects(client.api(`${em}/catalogs/00000000-0000-0000-0000-000000000007`).get(), (error) => {
    assert.ok(error instanceof GraphError);
    assert.deepEqual([error.statusCode, error.code], [404, "ResourceNotFound"]);
    assert.match(error.requestId, /^[0-9a-f-]{36}$/);
    return true;
  });
  await assert.rejects(client.api(`${em}/catalogs`).filter("size eq 1").get(), (error) => {
    assert.equal(error.statusCode, 400);
    assert.match(error.message, /size cannot be used here/);
    return true;
  });
  // Told of another host, the client keeps its token, and is told that it has none.
  const mute = Client.initWithMiddleware({ baseUrl: base, defaultVersion: "v1.0", authProvider: { getAccessToken: async () => token } });
  await assert.rejects(mute.api(`${em}/catalogs`).get(), (error) => error.statusCode === 401 && error.code === "InvalidAuthenticationToken");
}

const [id] = await create(["O'Brien & Co", ...[1, 2, 3, 4, 5, 6, 7].map((number) => `Probe ${number}`)]);
await pages();
const named = await client.api(`${em}/catalogs`).filter("displayName eq 'O''Brien %26 Co'").get();
assert.deepEqual(named.value.map((catalog) => catalog.id), [id]);
await batch(id);
await errors();
assert.equal(await client.api(`${em}/catalogs/${id}`).patch({ description: "Changed" }), undefined);
assert.equal((await client.api(`${em}/catalogs/${id}`).expand("accessPackages").get()).description, "Changed");
assert.equal(await client.api(`${em}/catalogs/${id}`).delete(), undefined);
