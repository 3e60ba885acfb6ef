using System.Globalization;
using System.Runtime.CompilerServices;

namespace CareCoordination.Culture;

/// <summary>
/// Compiled into every program of this repository: what it writes and reads is the same whatever the language of the machine. The
/// order of texts is not settled by this: it is named where texts are ordered, and a guard test looks for places that do not.
/// </summary>
internal static class InvariantCulture
{
    [ModuleInitializer]
    internal static void Set()
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
    }
}
