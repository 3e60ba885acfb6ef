using CareCoordination.Storage.Stores;

namespace CareCoordination.Storage.Tests;

/// <summary>Keeps the committer of a store busy until it is opened, so that what is handed in meanwhile comes into one group.</summary>
internal sealed class Gate : IDisposable
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Gate() { }

    public static async Task<Gate> CloseAsync(ResourceStore store)
    {
        var gate = new Gate();
        var entered = new TaskCompletionSource();
        _ = store.DecideAsync(
            async (_, _) =>
            {
                entered.SetResult();
                await gate._opened.Task;
                return null;
            },
            default
        );
        await entered.Task;
        return gate;
    }

    public void Open() => _opened.TrySetResult();

    public void Dispose() => Open();
}
