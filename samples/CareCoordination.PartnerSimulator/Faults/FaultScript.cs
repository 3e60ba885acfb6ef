namespace CareCoordination.PartnerSimulator;

/// <summary>Decides for each request what goes wrong with it: what was scripted first, then the seeded mix.</summary>
public sealed class FaultScript(double share, int seed)
{
    /// <summary>The ways in which <see cref="Share"/> of the requests go wrong, each as likely as any other.</summary>
    public static readonly IReadOnlyList<Fault> Mix =
    [
        Fault.Slow,
        Fault.TooManyRequests,
        Fault.ServerError,
        Fault.DropBefore,
        Fault.DropAfter,
        Fault.LoseAnswer,
        Fault.WrongETag,
    ];

    private readonly Lock _gate = new();
    private readonly List<ScriptedFault> _script = [];
    private readonly Dictionary<Fault, int> _happened = [];
    private readonly Random _random = new(seed);

    public double Share { get; set; } = share;

    /// <summary>While true every connection ends unanswered.</summary>
    public bool IsDown { get; set; }

    /// <summary>How often each fault happened.</summary>
    public IReadOnlyDictionary<Fault, int> Happened
    {
        get
        {
            lock (_gate)
                return new Dictionary<Fault, int>(_happened);
        }
    }

    /// <summary>The next <paramref name="times"/> requests that fit meet this fault.</summary>
    public void Next(Fault fault, int times = 1, string? method = null, string? path = null)
    {
        lock (_gate)
            _script.AddRange(Enumerable.Repeat(new ScriptedFault(fault, method, path), times));
    }

    public void Clear()
    {
        lock (_gate)
            _script.Clear();
    }

    /// <summary>What goes wrong with this request; a scripted fault is used up by it.</summary>
    public Fault Take(string method, string path)
    {
        lock (_gate)
        {
            var fault = Choose(method, path);
            if (fault != Fault.None)
                _happened[fault] = _happened.GetValueOrDefault(fault) + 1;
            return fault;
        }
    }

    private Fault Choose(string method, string path)
    {
        if (IsDown)
            return Fault.DropBefore;
        var index = _script.FindIndex(s => s.Fits(method, path));
        if (index >= 0)
        {
            var fault = _script[index].Fault;
            _script.RemoveAt(index);
            return fault;
        }

        return _random.NextDouble() < Share ? Mix[_random.Next(Mix.Count)] : Fault.None;
    }
}
