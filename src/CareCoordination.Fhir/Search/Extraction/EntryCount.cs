namespace CareCoordination.Fhir.Search.Extraction;

/// <summary>Which entries of a resource are there already, and how many each parameter has.</summary>
internal sealed class EntryCount
{
    // So many entries are looked at, repetitions included, however few of them are new.
    private const int MostLooks = 1_000_000;

    private readonly HashSet<ValueType> _seen = [];
    private readonly Dictionary<int, long> _ofParameter = [];
    private int _looks;

    /// <summary>More was looked at than is worth the time.</summary>
    public bool IsTired => _looks > MostLooks;

    /// <summary>The parameter with the most entries.</summary>
    public int Largest => _ofParameter.Count == 0 ? 0 : _ofParameter.MaxBy(pair => pair.Value).Key;

    public bool IsNew<T>(int parameter, T entry)
        where T : struct, IEquatable<T>
    {
        _looks++;
        if (!_seen.Add(entry))
            return IsTired;
        Add(parameter, 1);
        return true;
    }

    public void Add(int parameter, long entries) =>
        _ofParameter[parameter] = _ofParameter.GetValueOrDefault(parameter) + entries;
}
