using CareCoordination.Access.Roles;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Rest.Http;
using CareCoordination.Server.Hosting;
using CareCoordination.Server.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Access;

/// <summary>Each cell of the tables of docs/access.md is a request.</summary>
public sealed class RoleTableTests : IAsyncLifetime
{
    private static readonly (string Type, ResourceGroup Group)[] Types =
    [
        ("Patient", ResourceGroup.Record),
        ("Observation", ResourceGroup.Record),
        ("Task", ResourceGroup.Record),
        ("CarePlan", ResourceGroup.Record),
        ("ServiceRequest", ResourceGroup.Record),
        ("Communication", ResourceGroup.Record),
        ("QuestionnaireResponse", ResourceGroup.Record),
        ("Practitioner", ResourceGroup.Directory),
        ("PractitionerRole", ResourceGroup.Directory),
        ("Endpoint", ResourceGroup.Directory),
        ("PlanDefinition", ResourceGroup.Definition),
        ("AuditEvent", ResourceGroup.Trail),
        ("Binary", ResourceGroup.Loose),
        ("Bundle", ResourceGroup.Loose),
    ];

    private TestServer _server = null!;

    public async ValueTask InitializeAsync() =>
        _server = await TestServer.OnSqliteAsync(
            TimeProvider.System,
            services =>
                services.AddSingleton(
                    new WhoAsks(
                        context => new(CallerOf(context.Request.Headers[AccessCallers.Header].ToString())),
                        Caller.Open
                    )
                ),
            []
        );

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    public static TheoryData<string> Roles => [.. CareRole.All.Select(role => role.Code)];

    [Theory, MemberData(nameof(Roles))]
    public async Task A_role_may_ask_for_what_its_row_says_and_for_nothing_else(string code)
    {
        var role = CareRole.Find(code)!;
        foreach (var (type, group) in Types)
        {
            foreach (
                var (right, method, path) in new[]
                {
                    (ScopeRights.Read, HttpMethod.Get, $"{type}/none"),
                    (ScopeRights.Read, HttpMethod.Get, $"{type}/none/_history"),
                    (ScopeRights.Search, HttpMethod.Get, $"{type}?_id=none"),
                    (ScopeRights.Search, HttpMethod.Get, $"{type}/_history"),
                    (ScopeRights.Delete, HttpMethod.Delete, $"{type}/none"),
                }
            )
            {
                var isGranted = RoleTable.Grants.Any(grant =>
                    grant.Role == role && grant.Rights.HasFlag(right) && grant.Covers(type, group)
                );
                var answer = await AskAsync(method, path, role);
                Assert.True(
                    isGranted == (answer.Status != 403),
                    $"{code} {method} {path}: {answer.Status} {answer.Body}"
                );
            }

            foreach (
                var (right, method) in new[]
                {
                    (ScopeRights.Create, HttpMethod.Post),
                    (ScopeRights.Update, HttpMethod.Put),
                }
            )
            {
                var isGranted = RoleTable.Grants.Any(grant =>
                    grant.Role == role && grant.Rights.HasFlag(right) && grant.Covers(type, group)
                );
                var answer = await _server.SendAsync(
                    method,
                    right == ScopeRights.Create ? type : $"{type}/none",
                    $$"""{"resourceType":"{{type}}","id":"none"}""",
                    $"{AccessCallers.Header}: {code}"
                );
                // What is not granted is refused, whatever is wrong with the body; what is may be refused for whom it is about.
                Assert.True(
                    isGranted || answer.Status is 403 or 400 or 422,
                    $"{code} {method} {type}: {answer.Status} {answer.Body}"
                );
            }
        }
    }

    [Theory, MemberData(nameof(Roles))]
    public async Task An_operation_is_for_its_roles_and_for_nobody_else(string code)
    {
        var role = CareRole.Find(code)!;
        foreach (var operation in Composition.Operations.All)
        {
            var path =
                operation.IsOnSystem ? operation.Code
                : operation.IsOnInstance ? $"{operation.ResourceType}/none/{operation.Code}"
                : $"{operation.ResourceType}/{operation.Code}";
            var answer = await _server.SendAsync(
                operation.TakesGet ? HttpMethod.Get : HttpMethod.Post,
                path,
                operation.TakesGet ? null : """{"resourceType":"Parameters"}""",
                $"{AccessCallers.Header}: {code}"
            );
            var isFor = OperationRoles.Of(operation.Id).Contains(role);
            var isRefused =
                answer.Status == 403 && answer.Body.Contains($"{operation.Code} is for ", StringComparison.Ordinal);
            // What cannot be read is refused before anybody is asked who they are.
            Assert.True(
                isFor ? !isRefused : isRefused || answer.Status == 400,
                $"{code} {path}: {answer.Status} {answer.Body}"
            );
        }
    }

    [Fact]
    public void Each_operation_has_its_roles_and_no_other_has()
    {
        var known = Composition.Operations.All.Select(operation => operation.Id).Append("$process-message");

        Assert.Equal(known.Order(StringComparer.Ordinal), OperationRoles.Ids.Order(StringComparer.Ordinal));
    }

    private Task<Answer> AskAsync(HttpMethod method, string path, CareRole role) =>
        _server.SendAsync(method, path, (string?)null, $"{AccessCallers.Header}: {role.Code}");

    private static Caller CallerOf(string code) =>
        CareRole.Find(code) is not { } role ? Caller.Open
        : role.Kind == RoleKind.Program
            ? Caller.Program(code) with
            {
                Roles = [role],
                Scopes = ScopeSet.Parse("system/*.cruds"),
                Organization = "Organization/north",
            }
        : Caller.User(code) with
        {
            Roles = [role],
            Scopes = ScopeSet.Parse("user/*.cruds"),
            Person = new ResourceKey(
                role == CareRole.Patient ? "Patient"
                    : role == CareRole.Family ? "RelatedPerson"
                    : "Practitioner",
                code
            ),
        };
}
