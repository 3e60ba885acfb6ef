using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Billing;

/// <summary>How a month stands, as Parameters.</summary>
public static class BillingReport
{
    private const int MostEvidence = 200;

    /// <summary>A month in one programme with all that it is told from.</summary>
    public static ParametersEditor Of(PatientMonth month, ProgramMonth program)
    {
        var parameters = new ParametersEditor
        {
            Parameter =
            {
                new() { Name = "patient", ValueReference = References.To(month.Patient) },
                new() { Name = "episode", ValueReference = References.To(program.Episode.Reference) },
            },
        };
        foreach (var part in Parts(month, program))
            parameters.Parameter.Add(part);
        foreach (var (verdict, minutes) in program.LeftOut)
            parameters.Parameter.Add(
                new()
                {
                    Name = "notCounted",
                    Part =
                    {
                        new() { Name = "why", ValueCode = CodeOf(verdict) },
                        new() { Name = "minutes", ValueInteger = minutes },
                    },
                }
            );
        foreach (var line in program.Lines)
            parameters.Parameter.Add(Charge(month, line));
        return parameters;
    }

    /// <summary>All programmes of a patient, each in short.</summary>
    public static ParametersEditor Of(PatientMonth month)
    {
        var parameters = new ParametersEditor
        {
            Parameter =
            {
                new() { Name = "patient", ValueReference = References.To(month.Patient) },
            },
        };
        foreach (var program in month.Programs)
            parameters.Parameter.Add(Short(month, program));
        return parameters;
    }

    /// <summary>The minutes, the next threshold and what is missing: what a list of patients shows of one.</summary>
    public static ParametersParameterEditor Short(PatientMonth month, ProgramMonth program)
    {
        var entry = new ParametersParameterEditor
        {
            Name = "program",
            Part =
            {
                new() { Name = "patient", ValueReference = References.To(month.Patient) },
                new() { Name = "episode", ValueReference = References.To(program.Episode.Reference) },
            },
        };
        foreach (var part in Parts(month, program))
            entry.Part.Add(part);
        foreach (var line in program.Lines)
            entry.Part.Add(new() { Name = "ready", ValueCode = line.Ready.Code.Code });
        return entry;
    }

    public static string CodeOf(TimeVerdict verdict) =>
        verdict switch
        {
            TimeVerdict.InStay => "in-stay",
            TimeVerdict.NotEnrolled => "not-enrolled",
            TimeVerdict.NoConsent => "before-consent",
            TimeVerdict.WithVisit => "with-visit",
            TimeVerdict.OtherProgram => "other-program",
            _ => "counted",
        };

    private static IEnumerable<ParametersParameterEditor> Parts(PatientMonth month, ProgramMonth program)
    {
        yield return new() { Name = "program", ValueCode = program.Program };
        yield return new() { Name = "month", ValueString = month.Month.Name };
        var minutes = program.Facts.Minutes;
        yield return new() { Name = "minutesStaff", ValueInteger = minutes.Staff };
        yield return new() { Name = "minutesPractitioner", ValueInteger = minutes.Practitioner };
        yield return new() { Name = "minutes", ValueInteger = minutes.All };
        if (program.Facts.DataDays is { } days)
            yield return new() { Name = "dataDays", ValueInteger = days };
        if (program.Billing.Next is { } next)
            yield return new()
            {
                Name = "next",
                Part =
                {
                    new() { Name = "code", ValueCode = next.Code },
                    new() { Name = "minutes", ValueInteger = next.Minutes },
                    new() { Name = "role", ValueCode = TimeEntries.CodeOf(next.Time) },
                },
            };
        foreach (var reason in program.Billing.Reasons)
            yield return new()
            {
                Name = reason.IsNote ? "note" : "blocked",
                Part =
                {
                    new() { Name = "reason", ValueCode = reason.Code },
                    new() { Name = "code", ValueCode = reason.For },
                    new() { Name = "text", ValueString = BillingNeeds.WordsOf(reason.Code) },
                },
            };
    }

    private static ParametersParameterEditor Charge(PatientMonth month, BillingLine line)
    {
        var charge = new ParametersParameterEditor
        {
            Name = "charge",
            Part =
            {
                new() { Name = "code", ValueCode = line.Ready.Code.Code },
                new() { Name = "units", ValueInteger = line.Ready.Units },
                new()
                {
                    Name = "item",
                    ValueReference = References.To(
                        ChargeDrafts.KeyOf(month.Patient, month.Month, line.Ready.Code.Code).ToString()
                    ),
                },
            },
        };
        foreach (var evidence in line.Evidence.Take(MostEvidence))
            charge.Part.Add(new() { Name = "evidence", ValueReference = References.To(evidence) });
        return charge;
    }
}
