using System.Security.Cryptography;
using System.Text;

namespace CareCoordination.Connectors.Payloads;

/// <summary>Ids made from names, so that a repeat has the same. https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8</summary>
internal static class StableUuid
{
    private const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static string Urn(string name) => $"urn:uuid:{Of(name)}";

    public static Guid Of(string name)
    {
        var bytes = Hash(name)[..16];
        bytes[6] = (byte)(bytes[6] & 0x0F | 0x80);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Twenty letters and digits: what HL7 v2 allows a message control id.</summary>
    public static string Short(string name) =>
        string.Create(
            20,
            Hash(name),
            static (text, hash) =>
            {
                for (var i = 0; i < text.Length; i++)
                    text[i] = Letters[hash[i] & 31];
            }
        );

    private static byte[] Hash(string name) => SHA256.HashData(Encoding.UTF8.GetBytes(name));
}
