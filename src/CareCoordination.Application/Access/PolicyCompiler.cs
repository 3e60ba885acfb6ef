using System.Collections.Immutable;
using CareCoordination.Access.Labels;
using CareCoordination.Access.Relations;
using CareCoordination.Access.Roles;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;

namespace CareCoordination.Application.Access;

/// <summary>
/// The policy: from a caller to what of each type they may use a right on. Pure. What the roles grant, narrowed by the scopes of the
/// token; what neither names is not seen.
/// </summary>
public sealed class PolicyCompiler(FhirDefinitions definitions, AccessOptions options)
{
    private static readonly ImmutableArray<short> Acting = [(short)RelationKind.ActsAs, (short)RelationKind.Covers];

    private static readonly ImmutableArray<short> ActingForOrganizations = [.. Acting, (short)RelationKind.WorksFor];

    /// <summary>Why a caller sees nothing at all; null where their roles and scopes say something.</summary>
    public static string? WhyNobody(Caller caller) =>
        caller.Roles.IsEmpty
            ? "Your token names no role that this server knows, so that you may do nothing here: docs/access.md lists the roles, and your issuer or an administrator assigns them."
        : caller.Scopes is not { Resources.IsEmpty: false }
            ? "Your token has no scope that names resources, such as user/*.rs, so that you may do nothing here: ask for scopes when you sign in."
        : caller.Scopes.Resources.All(scope => WhyNot(caller, scope) is not null)
            ? WhyNot(caller, caller.Scopes.Resources[0])
        : null;

    /// <summary>Why a caller may use a right on nothing of a type.</summary>
    public string WhyNot(Caller caller, string resourceType, ScopeRights right)
    {
        var verb = right.ToString().ToLowerInvariant();
        if (!Grants(caller, resourceType, right).Any())
            return $"In the role {string.Join(", ", caller.Roles.Select(role => role.Code))} nobody may {verb} {resourceType}.";
        var scopes = caller.Scopes!.Resources.Where(scope => Allows(scope, resourceType, right)).ToList();
        return scopes.Count == 0
            ? $"No scope of your token allows to {verb} {resourceType}: it takes one such as {Example(caller, resourceType, right)}."
            : WhyNot(caller, scopes[0]) ?? $"Your role and your scopes leave no {resourceType} that you may {verb}.";
    }

    /// <summary>
    /// Why the scopes of a caller let no command change a type; null where one does. A scope with a query says which resources may be
    /// changed, which is not asked of what follows from a command: it lets none be given.
    /// </summary>
    /// <param name="resourceType">Null: the whole server.</param>
    public static string? WhyNotChanged(Caller caller, string? resourceType, ScopeRights right) =>
        caller.Scopes!.Resources.Any(scope =>
            scope.Query.Length == 0
            && (resourceType is null || scope.Covers(resourceType))
            && scope.Rights.HasFlag(right)
            && WhyNot(caller, scope) is null
        )
            ? null
            : $"No scope of your token lets a command change {resourceType ?? "anything"}: it takes one without a query, such as {Example(caller, resourceType ?? "*", right)}.";

    public Visibility Compile(Caller caller, ScopeRights right)
    {
        var known = new Dictionary<string, TypeVisibility>(StringComparer.Ordinal);
        return new Visibility(
            definitions.Schema.Resources.Select(type =>
                KeyValuePair.Create(type.Name, Compile(caller, type.Name, right, known))
            )
        );
    }

    /// <param name="known">Types that are seen alike share one value, by which a query tells them together.</param>
    private TypeVisibility Compile(
        Caller caller,
        string resourceType,
        ScopeRights right,
        Dictionary<string, TypeVisibility> known
    )
    {
        var grants = Grants(caller, resourceType, right).ToList();
        var scopes = (caller.Scopes?.Resources ?? [])
            .Where(scope => Allows(scope, resourceType, right) && WhyNot(caller, scope) is null)
            .ToList();
        if (grants.Count == 0 || scopes.Count == 0)
            return TypeVisibility.Nothing;
        var isRecord = GroupOf(resourceType) == ResourceGroup.Record;
        var key =
            string.Join('|', grants.Select(grant => RoleTable.WithExports.IndexOf(grant)))
            + "/"
            + string.Join('|', scopes.Select(scope => caller.Scopes!.Resources.IndexOf(scope)))
            + (isRecord ? "r" : "")
            + (scopes.Exists(scope => scope.Query.Length > 0) ? resourceType : "");
        if (!known.TryGetValue(key, out var visibility))
        {
            var sights =
                from grant in grants
                from sight in SightsOf(caller, grant, right)
                from scope in scopes
                select Narrow(sight, caller, scope, resourceType, isRecord) into narrowed
                where narrowed is not null
                select narrowed;
            known.Add(key, visibility = new TypeVisibility([.. sights]));
        }

        return visibility;
    }

    /// <summary>Each grant that says something of the type and the right, with what it shows of what the scopes leave.</summary>
    public IEnumerable<GrantedSights> Explain(Caller caller, string resourceType, ScopeRights right)
    {
        var isRecord = GroupOf(resourceType) == ResourceGroup.Record;
        var scopes = caller
            .Scopes!.Resources.Where(scope => Allows(scope, resourceType, right) && WhyNot(caller, scope) is null)
            .ToList();
        return from grant in Grants(caller, resourceType, right)
            select new GrantedSights(
                grant,
                [
                    .. from sight in SightsOf(caller, grant, right)
                    from scope in scopes
                    select Narrow(sight, caller, scope, resourceType, isRecord) into narrowed
                    where narrowed is not null
                    select narrowed,
                ]
            );
    }

    /// <summary>True where a scope of the caller says something of the type and the right.</summary>
    public static bool HasScope(Caller caller, string resourceType, ScopeRights right) =>
        caller.Scopes!.Resources.Any(scope => Allows(scope, resourceType, right) && WhyNot(caller, scope) is null);

    private IEnumerable<Grant> Grants(Caller caller, string resourceType, ScopeRights right)
    {
        var group = GroupOf(resourceType);
        return (caller.IsExporting ? RoleTable.WithExports : RoleTable.Grants).Where(grant =>
            grant.Rights.HasFlag(right) && grant.Covers(resourceType, group) && caller.Roles.Contains(grant.Role)
        );
    }

    private ResourceGroup GroupOf(string resourceType) =>
        ResourceGroups.Of(resourceType, !definitions.SearchParameters.PatientCompartment(resourceType).IsEmpty);

    private IEnumerable<Sight> SightsOf(Caller caller, Grant grant, ScopeRights right)
    {
        var hidden = (long)RoleTable.Hidden(grant.Role);
        switch (grant.Reach)
        {
            case Reach.All:
                yield return new Sight();
                break;
            case Reach.Exported:
                // What a patient has denied is denied in bulk too, and what is more sensitive is not given away with the rest.
                yield return new Sight
                {
                    Hidden = hidden,
                    Consent = new ConsentQuestion(
                        RelationsOf(caller, grant.Role, []),
                        PurposeNumber.Of(caller.Purpose ?? PurposeNumber.Operations)
                    ),
                };
                break;
            case Reach.Unassigned:
                yield return new Sight { IsOfNobody = true };
                break;
            case Reach.Own when caller.Person is { Type: ResourceTypes.Patient } self:
                yield return new Sight { Patients = [new OnlyPatients([self])] };
                break;
            case Reach.Named:
                yield return new Sight
                {
                    Names = RelationsOf(caller, grant.Role, [RelationKind.Named]),
                    Hidden = hidden,
                };
                break;
            case Reach.Disclosed:
                var disclosed = RelationsOf(caller, grant.Role, [RelationKind.Disclosed]);
                yield return new Sight
                {
                    Disclosed = disclosed,
                    Hidden = hidden,
                    Consent = ConsentOf(caller, disclosed),
                };
                break;
            case Reach.Related:
                yield return Related(caller, grant.Role, options.Relations.GetValueOrDefault(grant.Role, [])) with
                {
                    Hidden = hidden,
                };
                if (grant.Role.Kind == RoleKind.Staff && right is ScopeRights.Read or ScopeRights.Search)
                    yield return Related(caller, grant.Role, [RelationKind.BreakGlass]) with
                    {
                        Consent = null,
                    };
                break;
            default:
                break;
        }
    }

    private Sight Related(Caller caller, CareRole role, ImmutableArray<RelationKind> kinds)
    {
        var relations = RelationsOf(caller, role, kinds);
        return new Sight { Patients = [new RelatedPatients(relations)], Consent = ConsentOf(caller, relations) };
    }

    private static ConsentQuestion ConsentOf(Caller caller, Relations relations) =>
        new(relations, PurposeNumber.Of(caller.Purpose ?? PurposeNumber.Treatment));

    private Relations RelationsOf(Caller caller, CareRole role, ImmutableArray<RelationKind> kinds)
    {
        var own = options.Relations.GetValueOrDefault(role, []);
        var countsOrganizations =
            own.Contains(RelationKind.EpisodeOrganization) || own.Contains(RelationKind.RecordOrganization);
        return new Relations(
            new Asker(PartiesOf(caller), countsOrganizations ? ActingForOrganizations : Acting),
            [.. kinds.Select(kind => (short)kind)]
        );
    }

    private ImmutableArray<ResourceKey> PartiesOf(Caller caller)
    {
        var parties = ImmutableArray.CreateBuilder<ResourceKey>();
        if (caller.Person is { } person)
            parties.Add(person);
        if (caller.Organization is { } organization && OrganizationOf(organization) is { } key)
            parties.Add(key);
        return parties.ToImmutable();
    }

    /// <summary>Of an id, as tokens become callers, or of a reference.</summary>
    private ResourceKey? OrganizationOf(string text) =>
        FhirId.IsValid(text) ? new ResourceKey(ResourceTypes.Organization, text)
        : LiteralReference.Parse(text, definitions.Schema.IsResourceType)
            is { Kind: ReferenceKind.Relative, Key: { Type: ResourceTypes.Organization } key }
            ? key
        : null;

    private static bool Allows(SmartScope scope, string resourceType, ScopeRights right) =>
        scope.Covers(resourceType) && scope.Rights.HasFlag(right);

    /// <summary>Why a scope says nothing of this caller; null where it does.</summary>
    private static string? WhyNot(Caller caller, SmartScope scope) =>
        scope.Context switch
        {
            ScopeContext.System when caller.Kind != CallerKind.Client =>
                "A system/ scope is for programs; your token is a person's, so that it takes user/ or patient/.",
            ScopeContext.User when caller.Person is null =>
                "A user/ scope takes a person, and your token has no claim fhirUser that names one of this server.",
            ScopeContext.Patient when PatientOf(caller) is null =>
                "A patient/ scope takes a patient, and your token has no claim patient that names one of this server.",
            _ => null,
        };

    private static ResourceKey? PatientOf(Caller caller) =>
        caller.LaunchPatient ?? (caller.Person is { Type: ResourceTypes.Patient } self ? self : null);

    /// <summary>What is left of a sight by a scope; null: nothing.</summary>
    private Sight? Narrow(Sight sight, Caller caller, SmartScope scope, string resourceType, bool isRecord)
    {
        if (scope.Context == ScopeContext.Patient && isRecord)
            sight = sight with { Patients = sight.Patients.Add(new OnlyPatients([PatientOf(caller)!.Value])) };
        if (scope.Query.Length == 0)
            return sight;
        var query = QueryParameters.Parse(scope.Query);
        return
            definitions.ParseSearch(resourceType, query, isLenient: false, "").TryGet(out var parsed, out _)
            && !parsed.Query.Criteria.Any(criterion => criterion is LinkedCriterion)
            ? sight with
            {
                Criteria = [.. sight.Criteria, .. parsed.Query.Criteria],
            }
            : null;
    }

    private static string Example(Caller caller, string resourceType, ScopeRights right)
    {
        var context = caller.Kind == CallerKind.Client ? "system" : "user";
        var letter = right switch
        {
            ScopeRights.Create => 'c',
            ScopeRights.Read => 'r',
            ScopeRights.Update => 'u',
            ScopeRights.Delete => 'd',
            _ => 's',
        };
        return $"{context}/{resourceType}.{letter}";
    }
}

/// <summary>A row of the role table, and what somebody sees by it.</summary>
public sealed record GrantedSights(Grant Grant, ImmutableArray<Sight> Sights);
