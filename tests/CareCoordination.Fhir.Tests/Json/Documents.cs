using System.Text;
using CareCoordination.Fhir.Json;

namespace CareCoordination.Fhir.Tests.Json;

internal static class Documents
{
    public static ResourceDocument Parse(string json) => ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value;

    public static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);
}
