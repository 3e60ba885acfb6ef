using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Validation;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Tests;

/// <summary>
/// The resources of a story, as a store would keep them: a decision is carried out only where every version it was taken from is
/// current, and only where all that it writes is valid FHIR.
/// </summary>
internal sealed class Ward
{
    private readonly Dictionary<string, Snapshot> _resources = [];
    private readonly Validator _validator = new(R4Definitions.Schema);
    private int _ids;

    public DateTimeOffset Now { get; set; } = Given.Now;

    public Snapshot this[string reference] => _resources[reference];

    public IEnumerable<Snapshot> All => _resources.Values;

    public string NewId() => $"w{++_ids}";

    public void Put(Snapshot snapshot)
    {
        Check(snapshot.Key.ToString(), snapshot.Utf8Json);
        _resources[snapshot.Key.ToString()] = snapshot;
    }

    public Decision Do(Result<Decision> result, Reason? reason = null)
    {
        Assert.True(result.IsSuccess, result.Failure?.Issues[0].Diagnostics);
        var decision = result.Value.WithProvenance(Given.Anyone, reason, Now, NewId());
        foreach (var relied in decision.ReliedOn)
            Assert.Equal(_resources[relied.Key.ToString()].Version, relied.Version);
        foreach (var write in decision.Writes)
        {
            Assert.Equal(
                _resources.TryGetValue(write.Key.ToString(), out var current) ? current.Version : 0,
                write.DecidedFrom
            );
            Check($"{decision.Activity} {write.Key}", write.Utf8Json);
            _resources[write.Key.ToString()] = new(write.Key, write.DecidedFrom + 1, write.Utf8Json);
        }

        return decision;
    }

    public string Status(string reference)
    {
        var root = ResourceDocument.Parse(this[reference].Utf8Json).Value.Root;
        return (root.TryGetProperty("status"u8, out var status) || root.TryGetProperty("lifecycleStatus"u8, out status))
            ? status.GetString()
            : "";
    }

    private void Check(string what, ReadOnlyMemory<byte> json)
    {
        var errors = _validator
            .Validate(ResourceDocument.Parse(json).Value)
            .Where(i => i.IsError)
            .Select(i => $"{what}: {i.Expression}: {i.Diagnostics}");
        Assert.Empty(errors);
    }
}
