using System.Collections.Immutable;
using CareCoordination.Connectors.Copies;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Payloads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Connectors.Strategies.TransactionBundle;

/// <summary>
/// A transaction that gives a partner the whole referral: each entry is created unless it is there from an earlier attempt.
/// https://hl7.org/fhir/R4/http.html#transaction
/// </summary>
internal static class TransactionPayload
{
    /// <summary>The referral and what it refers to. The Task is the last entry, so that what it names is read before it.</summary>
    /// <param name="patientSystem">The identifier system by which the partner knows patients, or null.</param>
    public static byte[] Create(ReferralPackage package, Uri partner, string? patientSystem) =>
        Create(package, partner, patientSystem, Members(package), ImmutableDictionary<string, string>.Empty);

    /// <summary>A part of it.</summary>
    /// <param name="there">Where the partner keeps what it was given before, by our references.</param>
    public static byte[] Create(
        ReferralPackage package,
        Uri partner,
        string? patientSystem,
        ImmutableArray<Snapshot> members,
        IReadOnlyDictionary<string, string> there
    )
    {
        var urns = members.ToDictionary(
            m => m.Key.ToString(),
            m => StableUuid.Urn($"{OwnIdentifier.Base(package.OwnBase)}/{m.Key}"),
            StringComparer.Ordinal
        );
        var absolute = Addresses.Absolute(package.OwnBase, partner);
        var bundle = new BundleEditor { Type = BundleTypeCodes.Transaction };
        foreach (var member in members)
        {
            var own = OwnIdentifier.Of(package.OwnBase, member.Key);
            var known =
                member.Key.Type == ResourceTypes.Patient && patientSystem is not null
                    ? PatientIdentifier(member, patientSystem)
                    : null;
            var entry = new BundleEntryEditor
            {
                FullUrl = urns[member.Key.ToString()],
                Request =
                {
                    Method = HttpVerbCodes.POST,
                    Url = member.Key.Type,
                    IfNoneExist = (known ?? own).Criteria,
                },
            };
            entry.SetJson(
                "resource",
                OutgoingResource.Write(
                    member,
                    package.OwnBase,
                    text => urns.GetValueOrDefault(text) ?? there.GetValueOrDefault(text) ?? absolute(text)
                )
            );
            bundle.Entry.Add(entry);
        }

        return bundle.ToUtf8Json();
    }

    /// <summary>What a new referral takes along, in the order of the entries.</summary>
    public static ImmutableArray<Snapshot> Members(ReferralPackage package) =>
        [
            // Without an identifier a repeat would make another one: such a resource is read from us.
            .. package.Supporting.Where(s => OwnIdentifier.IsPossible(s.Key.Type)),
            package.Request,
            package.Task,
        ];

    /// <summary>Writes back copies that have our state, each in the version that was read.</summary>
    public static byte[] Update(Uri partner, ImmutableArray<PartnerTask> copies)
    {
        var bundle = new BundleEditor { Type = BundleTypeCodes.Transaction };
        foreach (var copy in copies)
            bundle.Entry.Add(Put(partner, copy));
        return bundle.ToUtf8Json();
    }

    private static BundleEntryEditor Put(Uri partner, PartnerTask copy)
    {
        var entry = new BundleEntryEditor
        {
            FullUrl = $"{partner.AbsoluteUri.TrimEnd('/')}/{copy.Reference}",
            Request =
            {
                Method = HttpVerbCodes.PUT,
                Url = copy.Reference,
                IfMatch = copy.Version is null ? null : $"W/\"{copy.Version}\"",
            },
        };
        entry.SetJson("resource", copy.Task);
        return entry;
    }

    private static OwnIdentifier? PatientIdentifier(Snapshot patient, string system)
    {
        foreach (var identifier in PatientView.From(OutgoingResource.Parse(patient)).Identifier)
        {
            if (identifier.System == system && identifier.Value is { Length: > 0 } value)
                return new OwnIdentifier(system, value);
        }

        return null;
    }
}
