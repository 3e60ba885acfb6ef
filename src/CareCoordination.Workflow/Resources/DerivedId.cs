using System.Security.Cryptography;
using System.Text;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Workflow.Resources;

/// <summary>
/// The id of a resource that there is once for another one and a purpose: whoever makes it again, at the same time or later, makes the same.
/// A UUID of version 8. https://www.rfc-editor.org/rfc/rfc9562#section-5.8
/// </summary>
public static class DerivedId
{
    /// <param name="purpose">What it is for, as <c>lace</c>.</param>
    public static string Of(ResourceKey of, string purpose)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{of} {purpose}"), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true).ToString();
    }
}
