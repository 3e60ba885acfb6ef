using System.Runtime.CompilerServices;

namespace CareCoordination.Server.Tests.Kit;

/// <summary>The programs that tests start live for seconds, as the tests do: tests/Directory.Build.props says why they count no calls.</summary>
internal static class StartedPrograms
{
    [ModuleInitializer]
    internal static void CountNoCalls() => Environment.SetEnvironmentVariable("DOTNET_TieredPGO", "0");
}
