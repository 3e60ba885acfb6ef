using System.Collections.Immutable;
using CareCoordination.Access.Relations;
using CareCoordination.Access.Roles;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Operations;

/// <summary>What a parameter refers to, as far as it is asked before a command is decided.</summary>
public enum Naming
{
    /// <summary>Whatever it refers to is the command's to look at.</summary>
    Anything,

    /// <summary>It is here.</summary>
    Resource,

    /// <summary>It is here, is one that can do work in R4, and may have work: it is active.</summary>
    Worker,
}

/// <summary>A reference that a command was given.</summary>
public readonly record struct NamedReference(string Parameter, string Reference, Naming Naming);

/// <summary>
/// Looks up whom a command names, before it is decided: work is given only to who is here and may have it, and nobody acts who is not
/// here. What they are called goes along, for the resources that will refer to them.
/// </summary>
public sealed class CommandPeople(ReadGate gate, CareReads reads, CarePolicies policies, TimeProvider time)
{
    /// <summary>The call with what is known of the people in it, or with why it is refused.</summary>
    public async Task<CommandCall> IntroduceAsync(CommandCall call, CancellationToken cancellationToken)
    {
        if (!gate.Rights.IsUnlimited)
        {
            if (!(await AsCallerAsync(call, cancellationToken)).TryGet(out var own, out var pretended))
                return call with { Refusal = pretended };
            call = own with { Idempotency = own.Idempotency?.Of(gate.Caller) };
        }

        var names = call.By.Names.ToBuilder();
        var person = call.By.Person;
        foreach (var named in call.Named.Distinct())
        {
            var (parameter, reference, naming) = named;
            if (naming == Naming.Worker && WorkerRule.CheckType(parameter, reference) is { } cannot)
                return call with { Refusal = cannot };
            if (IsServer(reference))
                continue;
            // Whoever has signed in acts as themselves, and need not see their own record.
            var isOwn = reference == call.By.Reference && gate.Caller.Person is not null;
            var resource = isOwn
                ? await reads.ReadAsync(reference, cancellationToken)
                : await reads.NamedAsync(reference, cancellationToken);
            if (resource is not { } found)
                return call with { Refusal = WorkerRule.Unresolved(parameter, reference) };
            var behind = await PersonOfAsync(found, cancellationToken);
            if (naming == Naming.Worker && await IsOverAsync(found, behind, cancellationToken))
                return call with { Refusal = WorkerRule.Inactive(parameter, reference) };
            if (NameOf(found, behind) is { } name)
                names[reference] = name;
            if (reference == call.By.Reference)
                person = behind?.Key.ToString() ?? person;
        }

        return call with
        {
            By = call.By with { Names = names.ToImmutable(), Person = person },
        };
    }

    /// <summary>Whoever has signed in acts as themselves; a program says for whom it acts.</summary>
    private async Task<Result<CommandCall>> AsCallerAsync(CommandCall call, CancellationToken cancellationToken)
    {
        var caller = gate.Caller;
        if (caller.Person is not { } person)
            return call;
        var everybody = ImmutableArray.Create((short)RelationKind.ActsAs, (short)RelationKind.Covers);
        var parties = await gate.PartiesAsync(
            new Asker([person], everybody.Add((short)RelationKind.WorksFor)),
            time.GetUtcNow(),
            cancellationToken
        );
        var own = new Agent(person.ToString())
        {
            ActsAs = [.. parties.Select(party => party.ToString())],
            IsLead = caller.Roles.Contains(CareRole.Lead) || caller.Roles.Contains(CareRole.Supervisor),
            Person = person.Type == ResourceTypes.Practitioner ? person.ToString() : null,
        };
        if (call.By.IsUnknown || own.Is(call.By.Reference))
            return call with { By = call.By.IsUnknown ? own : own with { Reference = call.By.Reference } };
        return Failure.From(
            403,
            IssueCode.Forbidden,
            $"You have signed in as {person}, who does not act as {call.By.Reference}: leave the parameter '{Take.Practitioner.Name}' out."
        );
    }

    private async Task<Snapshot?> PersonOfAsync(Snapshot found, CancellationToken cancellationToken) =>
        found.Key.Type == ResourceTypes.PractitionerRole
        && PractitionerRoleView.From(Parse(found)).Practitioner.Reference is { } person
            ? await reads.ReadAsync(person, cancellationToken)
            : null;

    /// <summary>A role is over by the days of its organisation.</summary>
    private async Task<bool> IsOverAsync(Snapshot found, Snapshot? behind, CancellationToken cancellationToken)
    {
        if (behind is { } person && PractitionerView.From(Parse(person)).Active == false)
            return true;
        var document = Parse(found);
        switch (found.Key.Type)
        {
            case ResourceTypes.Practitioner:
                return PractitionerView.From(document).Active == false;
            case ResourceTypes.PractitionerRole:
                var role = PractitionerRoleView.From(document);
                if (role.Active == false || !role.Period.Exists)
                    return role.Active == false;
                var zone = (await policies.OfAsync(found, cancellationToken)).TimeZone;
                return !role.Period.IncludesInstant(time.GetUtcNow(), zone);
            case ResourceTypes.Organization:
                return OrganizationView.From(document).Active == false;
            case ResourceTypes.HealthcareService:
                return HealthcareServiceView.From(document).Active == false;
            case ResourceTypes.CareTeam:
                return CareTeamView.From(document).Status
                    is CareTeamStatusCodes.Inactive
                        or CareTeamStatusCodes.EnteredInError;
            default:
                return false;
        }
    }

    /// <summary>Null for patients and their families: what they are called stands in their own resource.</summary>
    private static string? NameOf(Snapshot found, Snapshot? behind) =>
        found.Key.Type switch
        {
            ResourceTypes.Patient => null,
            ResourceTypes.PractitionerRole => PractitionerRoleView.From(Parse(found)).Practitioner.Display
                ?? (behind is { } person ? PartyNames.Of(person) : null),
            _ => PartyNames.Of(found),
        };

    /// <summary>This server is served without being stored.</summary>
    private static bool IsServer(string reference) => reference == Requests.ServerAgent.Unknown.Reference;

    private static ResourceDocument Parse(Snapshot snapshot) => ResourceDocument.Parse(snapshot.Utf8Json).Value;
}
