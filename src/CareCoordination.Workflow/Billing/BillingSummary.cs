using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Billing;

/// <summary>How many patient-months of an organisation are ready, by code, and what keeps others away.</summary>
public sealed class BillingSummary
{
    private readonly SortedDictionary<string, (int Patients, int Units)> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Program, string Reason), int> _lost = [];
    private int _enrolled;
    private int _ready;
    private int _leaking;
    private int _short;
    private long _minutes;

    /// <param name="program">Of one patient.</param>
    public void Add(ProgramMonth program)
    {
        _enrolled++;
        _minutes += program.Facts.Minutes.All;
        foreach (var line in program.Lines)
        {
            var (patients, units) = _codes.GetValueOrDefault(line.Ready.Code.Code);
            _codes[line.Ready.Code.Code] = (patients + 1, units + line.Ready.Units);
        }

        if (!program.Lines.IsEmpty)
            _ready++;
        else if (program.Billing.IsLeaking)
        {
            _leaking++;
            foreach (var reason in program.Billing.Reasons.Where(r => !r.IsNote).Select(r => r.Code).Distinct())
                _lost[(program.Program, reason)] = _lost.GetValueOrDefault((program.Program, reason)) + 1;
        }
        else
            _short++;
    }

    public ParametersEditor ToParameters(string organization, string month)
    {
        var parameters = new ParametersEditor
        {
            Parameter =
            {
                new() { Name = "organization", ValueReference = References.To(organization) },
                new() { Name = "month", ValueString = month },
                new() { Name = "enrolled", ValueInteger = _enrolled },
                new() { Name = "ready", ValueInteger = _ready },
                new() { Name = "leaking", ValueInteger = _leaking },
                new() { Name = "belowThreshold", ValueInteger = _short },
                new() { Name = "minutes", ValueDecimal = _minutes },
            },
        };
        foreach (var (code, (patients, units)) in _codes)
            parameters.Parameter.Add(
                new()
                {
                    Name = "code",
                    Part =
                    {
                        new() { Name = "code", ValueCode = code },
                        new() { Name = "patients", ValueInteger = patients },
                        new() { Name = "units", ValueInteger = units },
                    },
                }
            );
        foreach (
            var ((program, reason), patients) in _lost
                .OrderBy(l => l.Key.Program, StringComparer.Ordinal)
                .ThenBy(l => l.Key.Reason, StringComparer.Ordinal)
        )
            parameters.Parameter.Add(
                new()
                {
                    Name = "leakage",
                    Part =
                    {
                        new() { Name = "program", ValueCode = program },
                        new() { Name = "reason", ValueCode = reason },
                        new() { Name = "text", ValueString = BillingNeeds.WordsOf(reason) },
                        new() { Name = "patients", ValueInteger = patients },
                    },
                }
            );
        return parameters;
    }
}
