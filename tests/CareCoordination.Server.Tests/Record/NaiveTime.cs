namespace CareCoordination.Server.Tests.Record;

/// <summary>Minutes of care management, told entry by entry.</summary>
internal sealed class NaiveTime(ToldRecord record, NaiveDays days)
{
    private const string Spent = "https://carecoordination.example/fhir/StructureDefinition/time-spent";

    /// <summary>Each entry once, wherever it is kept; without its beginning nobody knows of which day it is.</summary>
    public IEnumerable<string> Entries() =>
        (
            from source in record.Of("Task").Concat(record.Of("Encounter"))
            where source.Text("status") != "entered-in-error"
            let patient = source.At(source.Text("resourceType") == "Task" ? "for" : "subject").Key("Patient")
            from entry in source.Extensions(Spent)
            let minutes = entry.Extensions("minutes").FirstOrDefault().Number("valueDecimal")
            let period = entry.Extensions("period").FirstOrDefault().At("valuePeriod")
            let day = days.Of(period.Text("start"))
            where minutes > 0 && day is not null
            select TableRows.Of(
                ("person_id", record.PersonOf(patient)),
                ("performer_id", entry.Extensions("performer").FirstOrDefault().At("valueReference").Key()),
                ("program", entry.Extensions("program").FirstOrDefault().Text("valueCode")),
                ("day", day),
                ("starts_at", days.StartOf(period.Text("start"))),
                ("ends_at", days.StartOf(period.Text("end"))),
                ("minutes", minutes)
            )
        ).Distinct(StringComparer.Ordinal);
}
