using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Billing;

/// <summary>What charges that are on record say of a month: what is billed, and what somebody else has claimed.</summary>
internal sealed class ChargeFacts
{
    private static readonly ImmutableArray<string> Standing =
    [
        ChargeitemStatusCodes.Billable,
        ChargeitemStatusCodes.Billed,
    ];

    private readonly BillingRules _rules;
    private readonly HashSet<string> _billed = new(StringComparer.Ordinal);

    public ChargeFacts(BillingRecord record, ProgramEpisode episode, BillingMonth month, BillingRules rules)
    {
        _rules = rules;
        var claimed = new HashSet<string>(StringComparer.Ordinal);
        var before = new HashSet<string>(StringComparer.Ordinal);
        foreach (var charge in record.Charges)
        {
            var view = ChargeItemView.From(ResourceDocument.Parse(charge.Utf8Json).Value);
            var codes = view.Code.Coding.Select(c => c.Code).OfType<string>().ToArray();
            var day = DayOf(view, month);
            if (day < month.First && IsOrWillBeBilled(view) && view.Context.Target() == episode.Reference)
                before.UnionWith(codes);
            if (day is not { } service || !month.Includes(service))
                continue;

            var families = rules.Codes.Where(c => codes.Contains(c.Code)).Select(c => c.Family);
            if (view.Status == ChargeitemStatusCodes.NotBillable || IsElsewhere(view, episode))
                claimed.UnionWith(families);
            else if (Standing.Contains(view.Status ?? ""))
                _billed.UnionWith(families);
        }

        Claimed = [.. claimed];
        BilledBefore = [.. before];
    }

    public ImmutableHashSet<string> Claimed { get; }

    public ImmutableHashSet<string> BilledBefore { get; }

    /// <summary>Families of the programme that are billed for the month.</summary>
    public ImmutableHashSet<string> BilledFor(string program) =>
        [.. _billed.Where(f => _rules.Codes.Any(c => c.Family == f && c.Program == program))];

    private static bool IsOrWillBeBilled(ChargeItemView charge) =>
        charge.Status == ChargeitemStatusCodes.Planned || Standing.Contains(charge.Status ?? "");

    /// <summary>Somebody else's, by the organisation that performed it.</summary>
    private static bool IsElsewhere(ChargeItemView charge, ProgramEpisode episode) =>
        charge.Status is not (ChargeitemStatusCodes.EnteredInError or ChargeitemStatusCodes.Aborted)
        && charge.PerformingOrganization.Target() is { } other
        && episode.Organization is { } own
        && other != own;

    private static DateOnly? DayOf(ChargeItemView charge, BillingMonth month) =>
        (CareDate.Of(charge.OccurrencePeriod.End) ?? CareDate.Of(charge.OccurrenceDateTime))?.LastDayIn(month.Zone);
}
