namespace CareCoordination.Server.Tests.Record;

/// <summary>Whom each record of a patient is of.</summary>
internal sealed class NaivePeople(ToldRecord record)
{
    public IEnumerable<string> Rows() =>
        record
            .Of("Patient")
            .Select(p => p.Text("id"))
            .Select(id => TableRows.Of(("patient_id", id), ("person_id", record.PersonOf(id))));
}
