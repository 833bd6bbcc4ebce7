"""A client of the API with everything that it takes, and ids of real things, for schemathesis (scripts/describe-api.sh).

Usage: described.py BASE   (BASE such as http://127.0.0.1:3000, serving `woodgate demo`)
Prints variables for a shell.
"""

import re
import sys

import httpx

PASSWORD = "Woodgrove-demo-2026"
PERMISSIONS = [
    "EntitlementManagement.ReadWrite.All",
    "User.ReadWrite.All",
    "Group.ReadWrite.All",
    "GroupMember.ReadWrite.All",
    "Application.Read.All",
]
EM = "/identityGovernance/entitlementManagement"
THINGS = {
    "CATALOG": f"{EM}/catalogs",
    "PACKAGE": f"{EM}/accessPackages",
    "POLICY": f"{EM}/assignmentPolicies",
    "RESOURCE": f"{EM}/resources",
    "REQUEST": f"{EM}/assignmentRequests",
    "ASSIGNMENT": f"{EM}/assignments",
    "USER": "/users",
    "GROUP": "/groups",
    "APPLICATION": "/servicePrincipals",
}


def sign_in(base):
    """A browser in which the demo's administrator has signed in by the form."""
    browser = httpx.Client(base_url=base, headers={"origin": base, "sec-fetch-site": "same-origin"}, timeout=30)
    fields = {}
    for tag in re.findall(r"<input[^>]*>", browser.get("/sign-in").text):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            fields[name[1]] = value[1] if value else ""
    for name in fields:
        if "user" in name:
            fields[name] = "admin1"
        if "password" in name:
            fields[name] = PASSWORD
    browser.post("/sign-in", data=fields, headers={"accept": "text/html"})
    return browser


def call(browser, function, body):
    answer = browser.post(f"/api/{function}", json=body, headers={"accept": "application/json"})
    if answer.status_code != 200:
        raise SystemExit(f"{function}: {answer.status_code} {answer.text}")
    return answer.json()


def main(base):
    browser = sign_in(base)
    client = call(browser, "clients/create", {"form": {"name": "Described", "description": "", "redirects": "", "public_client": False}})
    for permission in PERMISSIONS:
        call(browser, "clients/give-permission", {"id": client, "given": {"kind": "application", "permission": permission}})
    secret = call(browser, "clients/add-secret", {"id": client, "form": {"name": "Described", "days": "1"}})
    fields = {"grant_type": "client_credentials", "scope": f"{base}/.default", "client_id": client, "client_secret": secret}
    token = httpx.post(f"{base}/oauth2/v2.0/token", data=fields, timeout=30).json()["access_token"]
    api = httpx.Client(base_url=f"{base}/v1.0", headers={"Authorization": f"Bearer {token}"}, timeout=30)
    print(f"WOODGATE_TOKEN={token}")
    for name, path in THINGS.items():
        found = api.get(path).json()["value"]
        print(f"WOODGATE_{name}={found[0]['id'] if found else 'none'}")


main(sys.argv[1])
