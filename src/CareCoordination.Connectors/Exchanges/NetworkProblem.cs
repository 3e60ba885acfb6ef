using System.Net.Sockets;
using System.Security.Authentication;
using CareCoordination.Connectors.Security;
using Polly.Timeout;

namespace CareCoordination.Connectors.Exchanges;

/// <summary>What went wrong before an answer came, as a sentence.</summary>
internal static class NetworkProblem
{
    /// <summary>Null for what is no problem of the network: the caller has given up, or a mistake of ours.</summary>
    public static PartnerAnswer? Describe(Exception exception, CancellationToken cancel) =>
        exception switch
        {
            OperationCanceledException when cancel.IsCancellationRequested => null,
            HttpRequestException { InnerException: AddressRefusedException refused } => PartnerAnswer.Refused(
                refused.Message
            ),
            AddressRefusedException refused => PartnerAnswer.Refused(refused.Message),
            HttpRequestException request => PartnerAnswer.Failing(Sentence(request)) with
            {
                HadNoEffect = IsBefore(request),
            },
            AuthenticationException => PartnerAnswer.NotReached("The partner's TLS certificate could not be trusted."),
            SocketException socket => PartnerAnswer.Failing(Sentence(socket)),
            IOException => PartnerAnswer.Failing("The partner closed the connection before it answered."),
            TimeoutRejectedException or OperationCanceledException => PartnerAnswer.Failing(
                "The partner did not answer in time."
            ),
            _ => null,
        };

    /// <summary>Before anything was sent.</summary>
    private static bool IsBefore(HttpRequestException request) =>
        request.HttpRequestError
            is HttpRequestError.NameResolutionError
                or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError;

    private static string Sentence(HttpRequestException request) =>
        request.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "The partner's host name could not be resolved.",
            HttpRequestError.SecureConnectionError => "No TLS connection to the partner could be made.",
            HttpRequestError.ResponseEnded => "The partner closed the connection before it answered.",
            _ when request.InnerException is SocketException socket => Sentence(socket),
            HttpRequestError.ConnectionError => "No connection to the partner could be made.",
            _ => "The connection to the partner failed.",
        };

    private static string Sentence(SocketException socket) =>
        socket.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => "The partner refused the connection.",
            SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData =>
                "The partner's host name could not be resolved.",
            _ => $"The connection to the partner failed ({socket.SocketErrorCode}).",
        };
}
