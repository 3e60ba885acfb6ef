using System.Collections.Immutable;
using CareCoordination.Access.Roles;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Rest.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Access;

/// <summary>Everybody who asks something of <see cref="AccessWorld"/>, by the name that a test sends.</summary>
internal static class AccessCallers
{
    /// <summary>The header by which a test says who asks; without it the server is open.</summary>
    public const string Header = "X-Test-Caller";

    /// <summary>Has a server take whoever a test names for who asks.</summary>
    public static void AskedByHeader(IServiceCollection services) => AskedByHeader(services, All);

    public static void AskedByHeader(IServiceCollection services, IReadOnlyDictionary<string, Caller> callers) =>
        services.AddSingleton(
            new WhoAsks(
                context =>
                    new(
                        context.Request.Headers[Header].ToString() is { Length: > 0 } name ? callers[name] : Caller.Open
                    ),
                Caller.Open
            )
        );

    public static readonly ImmutableDictionary<string, Caller> All = new Dictionary<string, Caller>
    {
        ["manager"] = Person("ana", CareRole.CareManager, "user/*.cruds"),
        ["manager who reads"] = Person("ana", CareRole.CareManager, "user/*.rs"),
        ["manager, some tasks"] = Person(
            "ana",
            CareRole.CareManager,
            "user/*.rs user/Task.u?code=call user/Goal.cruds"
        ),
        ["manager, one diagnosis"] = Person(
            "ana",
            CareRole.CareManager,
            "user/*.rs user/Condition.u?code=http://hl7.org/fhir/sid/icd-10-cm|E11.9"
        ),
        ["manager, only plans"] = Person(
            "ana",
            CareRole.CareManager,
            "user/CarePlan.cruds user/PlanDefinition.rs user/Goal.cruds"
        ),
        ["manager of north"] = Person("ana", CareRole.CareManager, "user/*.cruds") with
        {
            Organization = "Organization/north",
        },
        ["manager, one code"] = Person(
            "ana",
            CareRole.CareManager,
            "user/Observation.rs?code=http://loinc.org|1 user/Patient.rs user/Task.rs"
        ),
        ["manager, one patient"] = Person("ana", CareRole.CareManager, "patient/*.rs") with
        {
            LaunchPatient = new ResourceKey("Patient", "p1"),
        },
        ["manager, foreign patient"] = Person("ana", CareRole.CareManager, "patient/*.rs") with
        {
            LaunchPatient = new ResourceKey("Patient", "p12"),
        },
        ["manager, marketing"] = Person("ana", CareRole.CareManager, "user/*.rs") with { Purpose = "HMARKT" },
        ["assistant"] = Person("ben", CareRole.Assistant, "user/*.cruds"),
        ["lead"] = Person("cara", CareRole.Lead, "user/*.cruds"),
        ["supervisor"] = Person("sue", CareRole.Supervisor, "user/*.cruds"),
        ["director"] = Person("sue", CareRole.Director, "user/*.cruds"),
        ["cover"] = Person("dora", CareRole.CareManager, "user/*.cruds"),
        ["cover that is over"] = Person("eve", CareRole.CareManager, "user/*.cruds"),
        ["general practitioner"] = Person("gp", CareRole.CareManager, "user/*.rs"),
        ["patient"] = new Caller(CallerKind.User, "p1")
        {
            Person = new ResourceKey("Patient", "p1"),
            Roles = [CareRole.Patient],
            Scopes = Scopes("patient/*.rs"),
        },
        ["patient who does"] = new Caller(CallerKind.User, "p1")
        {
            Person = new ResourceKey("Patient", "p1"),
            Roles = [CareRole.Patient],
            Scopes = Scopes("patient/*.cruds"),
        },
        ["daughter"] = Relative("RelatedPerson", "rel1"),
        ["daughter as a person"] = Relative("Person", "person1"),
        ["relative of once"] = Relative("RelatedPerson", "rel2"),
        ["vendor of north"] = Program(CareRole.EhrSystem, "system/*.cruds") with
        {
            Organization = "Organization/north",
        },
        ["vendor of nobody"] = Program(CareRole.EhrSystem, "system/*.cruds"),
        ["partner"] = Program(CareRole.Partner, "system/*.cruds") with { Organization = "Organization/lab" },
        ["partner of nobody"] = Program(CareRole.Partner, "system/*.cruds"),
        ["hospital"] = Program(CareRole.Hospital, "system/*.cruds"),
        ["analytics"] = Program(CareRole.Analytics, "system/*.rs"),
        ["operator"] = Person("eve", CareRole.Operator, "user/*.cruds"),
        ["auditor"] = Person("eve", CareRole.Auditor, "user/*.rs"),
        ["administrator"] = Person("eve", CareRole.Administrator, "user/*.cruds"),
        ["no role"] = Person("ana", CareRole.CareManager, "user/*.cruds") with { Roles = [] },
        ["no scopes"] = Person("ana", CareRole.CareManager, ""),
        ["no person"] = new Caller(CallerKind.User, "somebody")
        {
            Roles = [CareRole.CareManager],
            Scopes = Scopes("user/*.cruds"),
        },
    }.ToImmutableDictionary(StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. All.Keys.Order(StringComparer.Ordinal)];

    private static Caller Person(string practitioner, CareRole role, string scopes) =>
        new(CallerKind.User, practitioner)
        {
            Person = new ResourceKey("Practitioner", practitioner),
            Roles = [role],
            Scopes = Scopes(scopes),
        };

    private static Caller Relative(string type, string id) =>
        new(CallerKind.User, id)
        {
            Person = new ResourceKey(type, id),
            Roles = [CareRole.Family],
            Scopes = Scopes("user/*.rs"),
        };

    private static Caller Program(CareRole role, string scopes) =>
        new(CallerKind.Client, role.Code) { Roles = [role], Scopes = Scopes(scopes) };

    private static ScopeSet Scopes(string scopes) => ScopeSet.Parse(scopes);
}
