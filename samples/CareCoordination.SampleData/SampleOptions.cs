namespace CareCoordination.SampleData;

/// <summary>What to generate. The same options give the same bytes on every machine.</summary>
/// <param name="Patients">How many patient records.</param>
/// <param name="Seed">Patient <c>n</c> of a seed is the same whatever the number of patients.</param>
public sealed record SampleOptions(int Patients, ulong Seed = 1)
{
    /// <summary>The day the records end at; nothing in them depends on the clock.</summary>
    public DateOnly AsOf { get; init; } = new(2026, 1, 15);
}

/// <summary>How the resources of one record point at each other.</summary>
public enum ReferenceStyle
{
    /// <summary><c>Patient/1</c>: for NDJSON and for transactions of PUT entries, which may be repeated.</summary>
    Relative,

    /// <summary>
    /// <c>urn:uuid:</c> inside the record and <c>Practitioner?identifier=</c> across records: for transactions of POST entries,
    /// as an EHR that does not know the server's ids sends them.
    /// </summary>
    Transaction,
}
