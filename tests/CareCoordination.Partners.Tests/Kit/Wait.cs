namespace CareCoordination.Partners.Tests.Kit;

/// <summary>Waits for what other threads do, as long as is reasonable and no longer.</summary>
internal static class Wait
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Chance = TimeSpan.FromMilliseconds(150);

    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > Patience)
                Assert.Fail($"Waited in vain until {what}.");
            await Task.Delay(Glance);
        }
    }

    /// <summary>What is due can be done meanwhile, and what must not happen has its chance.</summary>
    public static Task AMomentAsync() => Task.Delay(Chance);
}
