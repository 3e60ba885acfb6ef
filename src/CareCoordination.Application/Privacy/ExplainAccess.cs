using System.Collections.Immutable;
using CareCoordination.Access.Roles;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Application.Privacy;

/// <summary>
/// Which rules let somebody use a right on a patient's record, or on one resource of it, and why the others do not. It is worked out by
/// the statements that answer that somebody, so that it cannot say anything else than they do.
/// </summary>
/// <param name="Asked">Who is asked about: a caller as a token would make one.</param>
/// <param name="Resource">The patient, or a resource about the patient.</param>
public sealed record ExplainAccess(ResourceKey Patient, Caller Asked, ResourceKey Resource, ScopeRights Right)
    : FhirInteraction("$explain-access", Patient.Type, Patient.Id)
{
    private static readonly ImmutableArray<ScopeRights> Rights =
    [
        ScopeRights.Read,
        ScopeRights.Search,
        ScopeRights.Create,
        ScopeRights.Update,
        ScopeRights.Delete,
    ];

    public static readonly Operation Operation = new(
        ResourceTypes.Patient,
        "explain-access",
        "Which rule lets somebody see or change the record of the patient, or one resource of it, and what stands in the way of the other rules: relation, label, consent or scope. For auditors.",
        Read
    )
    {
        AffectsState = false,
        Answer = "Parameters",
        Parameters =
        [
            new("person", ["Reference"], "Who signed in, as the claim fhirUser names them; left out for a program."),
            new("role", ["code", "string"], "A role they act in, as docs/access.md spells it.")
            {
                IsRequired = true,
                IsRepeatable = true,
            },
            new("launchPatient", ["Reference"], "The patient of the launch, as the claim patient names them."),
            new("organization", ["Reference"], "The Organization that they act for."),
            new(
                "scope",
                ["string"],
                "The scopes of the token, separated by spaces; whatever the roles grant where it is left out."
            ),
            new("purpose", ["code", "string"], "The purpose of use; TREAT where it is left out."),
            new("resource", ["Reference"], "One resource about the patient; the Patient itself where it is left out."),
            new("right", ["code", "string"], "read, search, create, update or delete; read where it is left out."),
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        if (!RolesOf(input).TryGet(out var roles, out var failure))
            return failure;
        if (
            !KeyOf(input, "person").TryGet(out var person, out failure)
            || !KeyOf(input, "launchPatient").TryGet(out var launch, out failure)
            || !KeyOf(input, "resource").TryGet(out var resource, out failure)
        )
            return failure;
        var word = input.Text("right") ?? "read";
        var right = Rights.FirstOrDefault(r => r.ToString().Equals(word, StringComparison.OrdinalIgnoreCase));
        if (right == ScopeRights.None)
            return Failure.Invalid(
                IssueCode.Value,
                $"There is no right '{word}': say read, search, create, update or delete.",
                "Parameters.parameter"
            );
        var asked = CallerOf(input, roles, person) with { LaunchPatient = launch };
        return new ExplainAccess(input.Key, asked, resource ?? input.Key, right);
    }

    private static Result<ResourceKey?> KeyOf(OperationInput input, string name) =>
        input.Reference(name) is not { } text ? (ResourceKey?)null
        : LiteralReference.Parse(text, input.Definitions.Schema.IsResourceType)
            is { Kind: ReferenceKind.Relative, Key: { } key }
            ? key
        : Failure.Invalid(
            IssueCode.Value,
            $"'{name}' names a resource of this server, such as Practitioner/4711.",
            "Parameters.parameter"
        );

    private static Result<ImmutableArray<CareRole>> RolesOf(OperationInput input)
    {
        var roles = ImmutableArray.CreateBuilder<CareRole>();
        foreach (var code in input.All("role").Select(OperationInput.TextOf))
        {
            if (CareRole.Find(code ?? "") is not { } role)
                return Failure.Invalid(
                    IssueCode.Value,
                    $"There is no role '{code}': there are {string.Join(", ", CareRole.All.Select(r => r.Code))}.",
                    "Parameters.parameter"
                );
            roles.Add(role);
        }

        return roles.DrainToImmutable();
    }

    private static Caller CallerOf(OperationInput input, ImmutableArray<CareRole> roles, ResourceKey? person)
    {
        var caller = person is null ? Caller.Program("explained") : Caller.User("explained");
        var everything = person is null ? "system/*.cruds" : "user/*.cruds";
        return caller with
        {
            Roles = roles,
            Person = person,
            Organization = input.Reference("organization"),
            Purpose = input.Text("purpose"),
            Scopes = ScopeSet.Parse(input.Text("scope") ?? everything),
        };
    }
}
