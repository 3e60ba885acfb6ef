using System.Collections.Concurrent;
using CareCoordination.Access.Roles;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Search;

namespace CareCoordination.Application.Access;

/// <summary>What one caller may see and do. A value: of the same token it is the same, whenever it is asked.</summary>
public sealed class AccessRights
{
    /// <summary>Of those who may do everything: the open server, and this server itself.</summary>
    public static readonly AccessRights Unlimited = new(null, null!);

    private readonly Caller? _caller;
    private readonly PolicyCompiler _compiler;
    private readonly ConcurrentDictionary<ScopeRights, Visibility> _visible = new();

    internal AccessRights(Caller? caller, PolicyCompiler compiler) => (_caller, _compiler) = (caller, compiler);

    public bool IsUnlimited => _caller is null;

    /// <summary>What the caller may use a right on; null: everything.</summary>
    /// <param name="right">One letter of a scope.</param>
    public Visibility? Visible(ScopeRights right) =>
        _caller is null ? null : _visible.GetOrAdd(right, asked => _compiler.Compile(_caller, asked));

    /// <summary>Why the caller may not ask for this at all, whatever is stored; null where they may ask.</summary>
    public Failure? Refuses(FhirInteraction interaction)
    {
        if (_caller is null)
            return null;
        var needed = NeededRights.Of(interaction);
        if (needed.IsForEverybody)
            return null;
        if (PolicyCompiler.WhyNobody(_caller) is { } reason)
            return Failure.From(403, IssueCode.Forbidden, reason);
        if (needed.Operation is { } operation && !OperationRoles.Of(operation).Any(_caller.Roles.Contains))
            return Failure.From(
                403,
                IssueCode.Forbidden,
                $"{interaction.Code} is for {Names(OperationRoles.Of(operation))}; you act as {Names(_caller.Roles)}."
            );
        if (
            needed.Changes is { } change
            && PolicyCompiler.WhyNotChanged(_caller, change.Type, change.Right) is { } narrow
        )
            return Failure.From(403, IssueCode.Forbidden, narrow);
        if (needed.Operation is not null && IsAskedWithoutSight(interaction))
            return null;
        return needed.Type is not { } type || !Visible(needed.Right)!.Of(type).IsNothing
            ? null
            : Failure.From(403, IssueCode.Forbidden, _compiler.WhyNot(_caller, type, needed.Right));
    }

    /// <summary>Why no command of the caller may change a type; null where one may.</summary>
    public Failure? RefusesChange(string resourceType) =>
        _caller is not null && PolicyCompiler.WhyNotChanged(_caller, resourceType, ScopeRights.Update) is { } narrow
            ? Failure.From(403, IssueCode.Forbidden, narrow)
            : null;

    /// <summary>Why the caller may do nothing with a type, for those who were asked for it by name.</summary>
    public Failure WhyNot(string resourceType, ScopeRights right) =>
        Failure.From(403, IssueCode.Forbidden, _compiler.WhyNot(_caller!, resourceType, right));

    /// <summary>403 where the caller may use the right on nothing of the type, whatever is stored; null where there may be something.</summary>
    public Failure? WhyNothing(string resourceType, ScopeRights right) =>
        Visible(right) is { } visible && visible.Of(resourceType).IsNothing ? WhyNot(resourceType, right) : null;

    /// <summary>
    /// What hospitals and partners hand in is about whom it says: they need not see it. Nor need an auditor see the record of the patient
    /// whose disclosures they look at, or of whom they ask who sees it. An export and its status answer by themselves what may be seen, and an import brings
    /// in what is of another server.
    /// </summary>
    private static bool IsAskedWithoutSight(FhirInteraction interaction) =>
        interaction.Code
            is "$submit-transition"
                or "$process-message"
                or "$disclosures"
                or "$explain-access"
                or "$export"
                or "$import"
                or "$sqlquery-run"
                or "$sql-export"
                or "$viewdefinition-export"
                or "$async-status";

    private static string Names(IEnumerable<CareRole> roles) =>
        string.Join(", ", roles.Select(role => role.Code)) is { Length: > 0 } names ? names : "nobody";
}
