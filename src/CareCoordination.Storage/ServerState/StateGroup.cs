using CareCoordination.Storage.Rows;

namespace CareCoordination.Storage.ServerState;

/// <summary>
/// What the commits of one transaction remember for the server itself: each sees what the ones before it did.
/// </summary>
internal sealed class StateGroup(DateTimeOffset now)
{
    private readonly Dictionary<string, RememberedAnswer?> _answers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changedAnswers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Job> _jobs = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, int), JobStep> _steps = [];
    private readonly Dictionary<string, ExpiredJob> _expiredJobs = new(StringComparer.Ordinal);

    /// <summary>The keys of answers that have to be known before the commit can be decided, and are not.</summary>
    public List<string> Unknown(IEnumerable<Commit> commits)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var commit in commits)
        {
            keys.UnionWith(commit.Preconditions.OfType<NotRemembered>().Select(p => p.Key));
            keys.UnionWith(commit.Expired.OfType<ExpiredAnswer>().Select(e => e.Key));
        }

        keys.ExceptWith(_answers.Keys);
        return [.. keys];
    }

    /// <param name="keys">The keys that were asked for; those without an answer have none.</param>
    public void Load(List<string> keys, List<RememberedAnswer> answers)
    {
        foreach (var key in keys)
            _answers.TryAdd(key, null);
        foreach (var answer in answers)
            _answers[answer.Key] = answer;
    }

    public bool Holds(NotRemembered precondition) => IsFree(precondition.Key);

    /// <returns>False where there was nothing to do.</returns>
    public bool TryApply(Commit commit)
    {
        var hasEffect = false;
        if (commit.Remembered is { } answer)
        {
            _answers[answer.Key] = answer;
            hasEffect = _changedAnswers.Add(answer.Key) || hasEffect;
        }

        foreach (var change in commit.Jobs)
        {
            hasEffect = true;
            if (change is KeepJob { Job: var job })
                _jobs[job.Id] = job;
            else if (change is KeepStep { Step: var step })
                _steps[(step.Job, step.Place)] = step;
        }

        foreach (var expired in commit.Expired)
            hasEffect |= TryRemove(expired);
        return hasEffect;
    }

    public void Stage(StagedRows rows)
    {
        foreach (var key in _changedAnswers)
        {
            if (_answers[key] is { } answer)
                rows.State.Replace(answer);
            else
                rows.State.RemoveAnswer(key);
        }

        foreach (var job in _jobs.Values)
            rows.State.Replace(job);
        foreach (var step in _steps.Values)
            rows.State.Replace(step);
        foreach (var job in _expiredJobs.Values)
            rows.State.RemoveJob(job.Id, job.Total);
        _changedAnswers.Clear();
        _jobs.Clear();
        _steps.Clear();
        _expiredJobs.Clear();
    }

    private bool TryRemove(Expired expired)
    {
        if (expired is ExpiredJob job)
            return _expiredJobs.TryAdd(job.Id, job);
        // Remembered anew since it was found to be over, or gone: another node removes too.
        if (expired is not ExpiredAnswer { Key: var key } || _answers[key] is null || !IsFree(key))
            return false;
        _answers[key] = null;
        _changedAnswers.Add(key);
        return true;
    }

    private bool IsFree(string key) => _answers[key] is not { } answer || answer.ExpiresAt <= now;
}
