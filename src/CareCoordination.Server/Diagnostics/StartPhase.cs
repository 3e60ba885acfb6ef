namespace CareCoordination.Server.Diagnostics;

/// <summary>Whether the server has started.</summary>
internal sealed class StartPhase
{
    private volatile bool _hasStarted;

    public bool HasStarted
    {
        get => _hasStarted;
        set => _hasStarted = value;
    }
}
