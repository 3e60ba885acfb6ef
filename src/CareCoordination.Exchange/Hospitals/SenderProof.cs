using System.Security.Cryptography.X509Certificates;
using CareCoordination.Application.Requests;
using CareCoordination.Hl7v2.Acknowledgements;
using CareCoordination.Hl7v2.Messages;
using CareCoordination.Hl7v2.Senders;

namespace CareCoordination.Exchange.Hospitals;

/// <summary>What shows who sends a message, besides what the message says of it: no hospital sends for another.</summary>
public sealed record SenderProof
{
    /// <summary>Nothing: whoever reaches the server.</summary>
    public static readonly SenderProof Nothing = new();

    /// <summary>The client of a token.</summary>
    public Caller? Token { get; private init; }

    private bool AsksForCertificates { get; init; }

    private X509Certificate2? Certificate { get; init; }

    /// <param name="caller">Null while the server is open.</param>
    public static SenderProof Of(Caller? caller) => new() { Token = caller };

    /// <param name="certificate">Of the other side of a line on which certificates are asked for.</param>
    public static SenderProof Of(X509Certificate2? certificate) =>
        new() { AsksForCertificates = true, Certificate = certificate };

    /// <summary>Null where this may send for the sender.</summary>
    /// <param name="isOpen">The server asks nobody who they are; a profile may yet name certificates.</param>
    public Hl7Fault? WhyNot(SenderProfile sender, bool isOpen)
    {
        if (Token is { } token)
            return sender.Client is { } client && client == token.Client ? null : AnotherClient;
        if (AsksForCertificates)
        {
            var isNamed = sender.Certificates.Any(named => Certificate is { } shown && named.Is(shown));
            return isNamed || isOpen && sender.Certificates.IsEmpty ? null : AnotherCertificate;
        }

        return null;
    }

    private static Hl7Fault AnotherClient =>
        Fault(
            "The client of the token may not send for this application and facility: their profile names another as its client, or none."
        );

    private static Hl7Fault AnotherCertificate =>
        Fault(
            "Who shows this certificate may not send for this application and facility: their profile names others as its certificates, or none."
        );

    private static Hl7Fault Fault(string sentence) =>
        new(ErrorCode.UnknownKeyIdentifier, new Hl7Place(SegmentName.Header, Field: 3), sentence);
}
