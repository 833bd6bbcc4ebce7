"""The API's own tutorial, by Microsoft's unmodified SDK for Python: only the base address and the way to a token are ours.

Usage: tutorial.py BASE ADMIN_TOKEN   (BASE such as http://127.0.0.1:3000/v1.0)
The token of a person is `user:` and their id, which only the server of the test that runs this takes.
"""

import asyncio
import sys
import time
from datetime import timedelta

from azure.core.credentials import AccessToken
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.access_package import AccessPackage
from msgraph.generated.models.access_package_assignment import AccessPackageAssignment
from msgraph.generated.models.access_package_assignment_approval_settings import AccessPackageAssignmentApprovalSettings
from msgraph.generated.models.access_package_assignment_policy import AccessPackageAssignmentPolicy
from msgraph.generated.models.access_package_assignment_request import AccessPackageAssignmentRequest
from msgraph.generated.models.access_package_assignment_requestor_settings import AccessPackageAssignmentRequestorSettings
from msgraph.generated.models.access_package_catalog import AccessPackageCatalog
from msgraph.generated.models.access_package_request_state import AccessPackageRequestState
from msgraph.generated.models.access_package_request_type import AccessPackageRequestType
from msgraph.generated.models.access_package_assignment_state import AccessPackageAssignmentState
from msgraph.generated.models.access_package_resource import AccessPackageResource
from msgraph.generated.models.access_package_resource_request import AccessPackageResourceRequest
from msgraph.generated.models.access_package_resource_role import AccessPackageResourceRole
from msgraph.generated.models.access_package_resource_role_scope import AccessPackageResourceRoleScope
from msgraph.generated.models.access_package_resource_scope import AccessPackageResourceScope
from msgraph.generated.models.access_package_subject import AccessPackageSubject
from msgraph.generated.models.allowed_target_scope import AllowedTargetScope
from msgraph.generated.models.expiration_pattern import ExpirationPattern
from msgraph.generated.models.expiration_pattern_type import ExpirationPatternType
from msgraph.generated.models.group import Group
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.password_profile import PasswordProfile
from msgraph.generated.models.single_user import SingleUser
from msgraph.generated.models.user import User


class Credential:
    """A token that is known already."""

    def __init__(self, token):
        self.token = token

    def get_token(self, *scopes, **options):
        return AccessToken(self.token, int(time.time()) + 3600)


def client(base, token):
    adapter = GraphRequestAdapter(AzureIdentityAuthenticationProvider(Credential(token)))
    adapter.base_url = base
    return GraphServiceClient(request_adapter=adapter)


def asked(builder, **options):
    """The options of a list."""
    parameters = next(getattr(builder, name) for name in dir(builder) if name.endswith("GetQueryParameters"))
    return RequestConfiguration(query_parameters=parameters(**options))


def same(found, wanted, what):
    if found != wanted:
        raise SystemExit(f"{what}: {found!r} is not {wanted!r}")


async def until(read, what):
    """What `read` gives, as soon as it gives something."""
    for _ in range(600):
        found = await read()
        if found is not None:
            return found
        await asyncio.sleep(0.1)
    raise SystemExit(f"{what} did not come about within a minute")


async def add_resource(em, group):
    """Steps 3 to 6: the catalog, and the group as a resource with its roles."""
    catalogs = await em.catalogs.get(asked(type(em.catalogs), filter="(displayName eq 'General')"))
    same([catalog.display_name for catalog in catalogs.value], ["General"], "step 3")
    catalog = catalogs.value[0].id
    added = await em.resource_requests.post(
        AccessPackageResourceRequest(
            request_type=AccessPackageRequestType.AdminAdd,
            resource=AccessPackageResource(origin_id=group, origin_system="AadGroup"),
            catalog=AccessPackageCatalog(id=catalog),
        )
    )
    same(added.state, AccessPackageRequestState.Delivered, "step 4")
    one = em.catalogs.by_access_package_catalog_id(catalog)
    found = await one.resources.get(asked(type(one.resources), filter=f"originId eq '{group}'", expand=["roles", "scopes"]))
    resource = found.value[0]
    same(sorted(role.display_name for role in resource.roles), ["Member", "Owner"], "step 5")
    filter = f"(originSystem eq 'AadGroup' and displayName eq 'Member' and resource/id eq '{resource.id}')"
    roles = await one.resource_roles.get(asked(type(one.resource_roles), filter=filter, expand=["resource"]))
    same(roles.value[0].origin_id, f"Member_{group}", "step 6")
    return catalog, resource, roles.value[0]


async def make_package(em, catalog, group, resource, role):
    """Step 7: the package, and what it gives."""
    package = await em.access_packages.post(
        AccessPackage(
            display_name="Marketing Campaign",
            description="Access to resources for the campaign",
            catalog=AccessPackageCatalog(id=catalog),
        )
    )
    given = await em.access_packages.by_access_package_id(package.id).resource_role_scopes.post(
        AccessPackageResourceRoleScope(
            role=AccessPackageResourceRole(
                display_name="Member",
                origin_system="AadGroup",
                origin_id=role.origin_id,
                resource=AccessPackageResource(id=resource.id, origin_id=group, origin_system="AadGroup"),
            ),
            scope=AccessPackageResourceScope(origin_id=group, origin_system="AadGroup"),
        )
    )
    same("_" in given.id, True, "step 7")
    return package.id


async def make_policy(em, package, user):
    """Step 8: who can request, and for how long; the SDK writes the duration as Python text."""
    policy = await em.assignment_policies.post(
        AccessPackageAssignmentPolicy(
            display_name="Specific users",
            description="Only specific users",
            allowed_target_scope=AllowedTargetScope.SpecificDirectoryUsers,
            specific_allowed_targets=[SingleUser(odata_type="#microsoft.graph.singleUser", user_id=user)],
            expiration=ExpirationPattern(type=ExpirationPatternType.AfterDuration, duration=timedelta(days=30)),
            requestor_settings=AccessPackageAssignmentRequestorSettings(
                enable_targets_to_self_add_access=True, enable_targets_to_self_remove_access=True
            ),
            request_approval_settings=AccessPackageAssignmentApprovalSettings(
                is_approval_required_for_add=False, is_approval_required_for_update=False, stages=[]
            ),
            access_package=AccessPackage(id=package),
        )
    )
    same(policy.expiration.type, ExpirationPatternType.AfterDuration, "step 8")
    return policy.id


async def request(em, own, user, package, policy):
    """Steps 9 to 11: the request, and the access that comes of it."""
    made = await own.assignment_requests.post(
        AccessPackageAssignmentRequest(
            request_type=AccessPackageRequestType.UserAdd,
            assignment=AccessPackageAssignment(
                target=AccessPackageSubject(object_id=user),
                assignment_policy=AccessPackageAssignmentPolicy(id=policy),
                access_package=AccessPackage(id=package),
            ),
        )
    )
    same((made.state, made.status), (AccessPackageRequestState.Submitted, "Accepted"), "step 9")

    async def delivered():
        found = await own.assignment_requests.by_access_package_assignment_request_id(made.id).get()
        return found if found.state == AccessPackageRequestState.Delivered else None

    await until(delivered, "step 10")
    filter = f"assignmentPolicy/id eq '{policy}'"
    held = await em.assignments.get(asked(type(em.assignments), filter=filter, expand=["target", "accessPackage"]))
    same([assignment.target.object_id for assignment in held.value], [user], "step 11")
    return held.value[0].id


async def tutorial(base, token):
    graph = client(base, token)
    em = graph.identity_governance.entitlement_management
    user = await graph.users.post(
        User(
            account_enabled=True,
            display_name="Requestor1",
            mail_nickname="Requestor1",
            user_principal_name="requestor1@woodgrove.example",
            password_profile=PasswordProfile(force_change_password_next_sign_in=True, password="quiet-harbour-lantern-41"),
        )
    )
    group = await graph.groups.post(
        Group(
            description="Marketing group",
            display_name="Marketing resources",
            mail_enabled=False,
            mail_nickname="markres",
            security_enabled=True,
        )
    )
    members = graph.groups.by_group_id(group.id).members
    same((await members.get()).value, [], "step 2")
    catalog, resource, role = await add_resource(em, group.id)
    package = await make_package(em, catalog, group.id, resource, role)
    policy = await make_policy(em, package, user.id)
    own = client(base, f"user:{user.id}").identity_governance.entitlement_management
    assignment = await request(em, own, user.id, package, policy)
    same([(type(member), member.display_name) for member in (await members.get()).value], [(User, "Requestor1")], "step 12")
    try:
        await own.catalogs.get()
        raise SystemExit("a person without a role reads the catalogs")
    except ODataError as error:
        same((error.response_status_code, error.error.code), (403, "Forbidden"), "a refusal")
        same(bool(error.error.inner_error.request_id), True, "the id of a refused call")

    removal = await em.assignment_requests.post(
        AccessPackageAssignmentRequest(
            request_type=AccessPackageRequestType.AdminRemove, assignment=AccessPackageAssignment(id=assignment)
        )
    )

    async def removed():
        found = await em.assignment_requests.by_access_package_assignment_request_id(removal.id).get()
        return found if found.state == AccessPackageRequestState.Delivered else None

    await until(removed, "step 13")
    same((await members.get()).value, [], "step 13")
    over = await em.assignments.by_access_package_assignment_id(assignment).get()
    same(over.state, AccessPackageAssignmentState.Expired, "step 13")
    await em.assignment_policies.by_access_package_assignment_policy_id(policy).delete()
    await em.access_packages.by_access_package_id(package).delete()
    await graph.users.by_user_id(user.id).delete()
    await graph.groups.by_group_id(group.id).delete()


asyncio.run(tutorial(sys.argv[1], sys.argv[2]))
