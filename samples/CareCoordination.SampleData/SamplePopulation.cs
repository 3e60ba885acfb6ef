using System.Text.Json.Nodes;

namespace CareCoordination.SampleData;

/// <summary>
/// Synthetic patients whose care is coordinated, and the network that cares for them. Records are made one at a time as they are
/// asked for, so any number takes the same memory.
/// </summary>
public sealed class SamplePopulation(SampleOptions options)
{
    private readonly CareNetwork _network = new(options);

    /// <summary>Organizations, Practitioners and PractitionerRoles: load them first, all records refer to them.</summary>
    public IReadOnlyList<JsonObject> Network => _network.Resources;

    /// <summary>The resources of patient <paramref name="index"/>, from 0; the Patient is the first.</summary>
    public IReadOnlyList<JsonObject> Patient(int index, ReferenceStyle style = ReferenceStyle.Relative) =>
        new PatientRecord(options, _network, index, style).Resources;

    public IEnumerable<IReadOnlyList<JsonObject>> Patients(ReferenceStyle style = ReferenceStyle.Relative) =>
        Enumerable.Range(0, options.Patients).Select(index => Patient(index, style));
}
